# Runs Executor from its source tree on Windows: builds it when the sources are newer than what was built, then starts it.
# The same commands and variables as ./executor, its twin for Linux and macOS.
$ErrorActionPreference = 'Stop'

$root = $PSScriptRoot
$state = Join-Path $root 'artifacts/launcher'
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'

function Say([string] $message) { [Console]::Error.WriteLine("executor: $message") }

function Stop-Executor([string] $message, [int] $code = 125) {
    Say $message
    exit $code
}

function Get-FirstLine([string] $path) {
    if (Test-Path $path) { (Get-Content $path -TotalCount 1).Trim() } else { '' }
}

function Get-Edition {
    switch ($env:EXECUTOR_EDITION) {
        { -not $_ } { return Get-FirstLine (Join-Path $state 'edition') }
        { $_ -cin 'core', 'full' } { return $_ }
        default { Stop-Executor "EXECUTOR_EDITION is '$_': it must be core or full" 2 }
    }
}

# The folder of the program that is built, or nothing.
function Get-Program([string] $edition) {
    if (-not $edition) { return $null }
    $name = Get-FirstLine (Join-Path $state $edition)
    $program = Join-Path $state "programs/$name"
    if ($name -and (Test-Path (Join-Path $program 'executor.dll'))) { $program } else { $null }
}

# Whether no source is newer than the beginning of the build.
function Test-Fresh([string] $edition) {
    if (-not (Get-Program $edition)) { return $false }
    $began = (Get-Item (Join-Path $state $edition)).LastWriteTimeUtc
    $sources = @(Get-ChildItem (Join-Path $root 'src') -Recurse) + @(Get-ChildItem $root -File -Include *.props, *.targets, global.json, executor.ps1 -Recurse -Depth 0)
    -not ($sources | Where-Object { $_.LastWriteTimeUtc -gt $began } | Select-Object -First 1)
}

function Invoke-Sdk([string[]] $arguments, [string] $log) {
    $env:MSBUILDDISABLENODEREUSE = '1'
    $env:DOTNET_CLI_USE_MSBUILD_SERVER = '0'
    $env:DOTNET_CLI_UI_LANGUAGE = 'en'
    $env:UseSharedCompilation = 'false'
    & dotnet @arguments *> $log
    $LASTEXITCODE -eq 0
}

function Select-Edition([string] $edition) {
    $log = Join-Path $state 'build.log'
    $found = Join-Path $state 'edition'
    if ($env:EXECUTOR_EDITION) { return $edition }
    if ($edition) {
        $settled = (Get-Item $found).LastWriteTimeUtc
        if (-not (Get-ChildItem (Join-Path $root '*.props') | Where-Object { $_.LastWriteTimeUtc -gt $settled })) { return $edition }
    }
    if (Invoke-Sdk @('restore', (Join-Path $root 'Executor.sln'), '-p:ExecutorEdition=full') $log) { return 'full' }
    $missing = Select-String -Path $log -Pattern "Unable to find (?:a stable )?package ([\w.-]*\w)", "Failed to retrieve information about '([^']+)'" |
        ForEach-Object { $_.Matches[0].Groups[1].Value } | Sort-Object -Unique
    $names = if ($missing) { $missing -join ', ' } else { 'some packages' }
    Say "edition Core, without the cluster, Docker and SSH: $names can't be restored here (EXECUTOR_EDITION=full tries again)"
    'core'
}

function Build-Program([string] $edition) {
    Say "building edition $edition, which takes a minute the first time"
    $log = Join-Path $state 'build.log'
    $began = [DateTime]::UtcNow
    if (-not (Invoke-Sdk @('build', (Join-Path $root 'src/Cli/Executor.Cli.csproj'), '-c', 'Release', "-p:ExecutorEdition=$edition") $log)) {
        Select-String -Path $log -Pattern '(: | )error ' | Select-Object -ExpandProperty Line -Unique | Select-Object -First 20 | ForEach-Object { Say $_ }
        Stop-Executor "the build failed; the whole log: $log"
    }

    # Native code where its compiler can be had, else as it is.
    $built = Join-Path $root 'artifacts/bin/Executor.Cli/release'
    $ready = Join-Path $state "ready/$edition"
    $compile = @('build', (Join-Path $root 'src/Cli/ReadyToRun/ReadyToRun.proj'), '-t:CompileProgram', "-p:ProgramFolder=$built/", "-p:CompiledFolder=$ready/")
    if (-not (Invoke-Sdk $compile (Join-Path $state 'ready.log'))) { $ready = $built }

    # A folder of its own: what runs from an older one keeps its files.
    $programs = Join-Path $state 'programs'
    $name = "$edition-$([DateTimeOffset]::UtcNow.ToUnixTimeSeconds())-$PID"
    Get-ChildItem $programs -Directory -Filter "$edition-*" -ErrorAction SilentlyContinue |
        Where-Object { $_.Name -ne (Get-FirstLine (Join-Path $state $edition)) } |
        Remove-Item -Recurse -Force -ErrorAction SilentlyContinue
    New-Item -ItemType Directory -Force $programs > $null
    Copy-Item -Recurse $ready (Join-Path $programs $name)
    $pointer = Join-Path $state $edition
    Set-Content $pointer $name
    (Get-Item $pointer).LastWriteTimeUtc = $began
    if ($edition -eq 'full' -or -not $env:EXECUTOR_EDITION) { Set-Content (Join-Path $state 'edition') $edition }
}

# A node of a cluster: a program of its own, which only edition Full has.
function Invoke-Silo([string[]] $arguments) {
    if ($edition -ne 'full') {
        Stop-Executor "silo needs edition full, and this is ${edition}: the cluster's packages could not be restored here (EXECUTOR_EDITION=full tries again)" 2
    }
    Say 'building the silo, if anything has changed'
    $log = Join-Path $state 'silo-build.log'
    if (-not (Invoke-Sdk @('build', (Join-Path $root 'src/Silo/Executor.Silo.csproj'), '-c', 'Release', '-p:ExecutorEdition=full') $log)) {
        Select-String -Path $log -Pattern '(: | )error ' | Select-Object -ExpandProperty Line -Unique | Select-Object -First 20 | ForEach-Object { Say $_ }
        Stop-Executor "the build failed; the whole log: $log"
    }

    # A copy of its own: the next build writes over what was built, while this one runs.
    $program = Join-Path $state "programs/silo-$([DateTimeOffset]::UtcNow.ToUnixTimeSeconds())-$PID"
    Copy-Item -Recurse (Join-Path $root 'artifacts/bin/Executor.Silo/release') $program
    & dotnet (Join-Path $program 'executor-silo.dll') @arguments
    $code = $LASTEXITCODE
    Remove-Item -Recurse -Force $program -ErrorAction SilentlyContinue
    exit $code
}

function Invoke-Tests([string[]] $arguments) {
    $log = Join-Path $state 'test-build.log'
    $results = Join-Path $state "test-results.$PID"
    Say 'building the tests'
    if (-not (Invoke-Sdk @('build', (Join-Path $root 'Executor.sln'), '-c', 'Release', "-p:ExecutorEdition=$edition") $log)) {
        Select-String -Path $log -Pattern '(: | )error ' | Select-Object -ExpandProperty Line -Unique | Select-Object -First 20 | ForEach-Object { Say $_ }
        '0 passed, 0 failed, 0 skipped'
        exit 1
    }
    & dotnet test (Join-Path $root 'Executor.sln') -c Release --no-build -m:1 "-p:ExecutorEdition=$edition" --logger trx --results-directory $results @arguments
    $code = $LASTEXITCODE
    $total = 0; $executed = 0; $passed = 0
    foreach ($file in Get-ChildItem $results -Filter *.trx -ErrorAction SilentlyContinue) {
        $counters = ([xml](Get-Content -Raw $file.FullName)).TestRun.ResultSummary.Counters
        $total += [int]$counters.total; $executed += [int]$counters.executed; $passed += [int]$counters.passed
    }
    Remove-Item -Recurse -Force $results -ErrorAction SilentlyContinue
    if ($passed -eq 0 -and $code -eq 0) { Say 'no test ran'; $code = 1 }
    "$passed passed, $($executed - $passed) failed, $($total - $executed) skipped"
    exit $code
}

$edition = Get-Edition
if (-not (Test-Fresh $edition)) {
    if (-not (Get-Command dotnet -ErrorAction SilentlyContinue)) {
        Stop-Executor 'the .NET 10 SDK is not installed (no dotnet on PATH): https://dotnet.microsoft.com/download/dotnet/10.0'
    }
    New-Item -ItemType Directory -Force $state > $null
    # Keeps two starts from building at once; the system lets go of it whatever becomes of us.
    $mutex = New-Object System.Threading.Mutex($false, "executor-$([Math]::Abs($root.GetHashCode()))")
    try { $null = $mutex.WaitOne() } catch [System.Threading.AbandonedMutexException] { }
    try {
        $edition = Get-Edition
        if (-not (Test-Fresh $edition)) {
            $edition = Select-Edition $edition
            Build-Program $edition
        }
    }
    finally { $mutex.ReleaseMutex() }
}

$rest = @($args | Select-Object -Skip 1)
switch ($args[0]) {
    'edition' { $edition; exit 0 }
    'test' { Invoke-Tests $rest }
    'silo' { Invoke-Silo $rest }
    'bench' {
        $project = Get-ChildItem (Join-Path $root 'benchmarks') -Recurse -Filter *.csproj -ErrorAction SilentlyContinue | Select-Object -First 1
        if (-not $project) { Stop-Executor "there are no benchmarks in $root/benchmarks" }
        & dotnet run -c Release --project $project.FullName "-p:ExecutorEdition=$edition" -- @rest
        exit $LASTEXITCODE
    }
}
& dotnet (Join-Path (Get-Program $edition) 'executor.dll') @args
exit $LASTEXITCODE
