namespace Executor.Configuration;

public sealed class ConfigurationFaultTests
{
    [Theory]
    [InlineData("code_executors: {local: {x: {timeout_sec: abc}}}", "config.yaml:1: code_executors.local.x.timeout_sec: must be a number over 0 and at most 86400, was \"abc\"")]
    [InlineData("code_executors: {local: {x: {timeout_sec: 0}}}", "config.yaml:1: code_executors.local.x.timeout_sec: must be a number over 0 and at most 86400, was \"0\"")]
    [InlineData("code_executors: {local: {x: {timeout_sec: 86401}}}", "config.yaml:1: code_executors.local.x.timeout_sec: must be a number over 0 and at most 86400, was \"86401\"")]
    [InlineData("code_executors: {local: {x: {timeout_sec: .nan}}}", "config.yaml:1: code_executors.local.x.timeout_sec: must be a number over 0 and at most 86400, was \".nan\"")]
    [InlineData("limits: {cpu_time: -1}", "config.yaml:1: limits.cpu_time: must be a number over 0, was \"-1\"")]
    [InlineData("limits: {open_files: 15}", "config.yaml:1: limits.open_files: must be a whole number from 16 to 1048576, was \"15\"")]
    [InlineData("limits: {pids: 1.5}", "config.yaml:1: limits.pids: must be a whole number from 1 to 32768, was \"1.5\"")]
    [InlineData("limits: {pids: [1]}", "config.yaml:1: limits.pids: must be a whole number from 1 to 32768, was a list")]
    [InlineData("limits: {pids: {a: 1}}", "config.yaml:1: limits.pids: must be a whole number from 1 to 32768, was a section")]
    [InlineData("limits: {network: yes}", "config.yaml:1: limits.network: must be true or false, was \"yes\"")]
    [InlineData("limits: 5", "config.yaml:1: limits: must be a section (keys with values), was \"5\"")]
    [InlineData("limits: []", "config.yaml:1: limits: must be a section (keys with values), was a list")]
    [InlineData("[]", "config.yaml:1: must be a section (keys with values), was a list")]
    [InlineData("server: {host: ''}", "config.yaml:1: server.host: must be a text that is not empty and has no NUL in it, was \"\"")]
    [InlineData("server: {host: [a]}", "config.yaml:1: server.host: must be a text, was a list")]
    [InlineData("server: {api_keys: k}", "config.yaml:1: server.api_keys: must be a list of secrets")]
    [InlineData("server: {api_keys: [[k]]}", "config.yaml:1: server.api_keys[0]: must be a text, ${NAME} or {file: PATH}, and not empty")]
    [InlineData("server: {api_keys: [~]}", "config.yaml:1: server.api_keys[0]: must be a text, ${NAME} or {file: PATH}, and not empty")]
    [InlineData("server: {prot: 1}", "config.yaml:1: server.prot: unknown key; did you mean port? Known keys: api_keys, callback_hosts, host, max_body_mb, max_queue, max_requests_per_sec, port, priority_aging_sec")]
    [InlineData("server: {Port: 1}", "config.yaml:1: server.Port: unknown key; did you mean port? Known keys: api_keys, callback_hosts, host, max_body_mb, max_queue, max_requests_per_sec, port, priority_aging_sec")]
    [InlineData("zebra: 1", "config.yaml:1: zebra: unknown key. Known keys: cluster, code_executors, executors, limits, limits_ceiling, logging, runtimes, sandbox, server, sessions, storage")]
    [InlineData("sessions: {max: -1}", "config.yaml:1: sessions.max: must be a whole number from 0 to 10000, was \"-1\"")]
    [InlineData("code_executors: {podman: {}}", "config.yaml:1: code_executors.podman: unknown key. Known keys: docker, local, ssh")]
    [InlineData("logging: {main: {console_level: loud}}", "config.yaml:1: logging.main.console_level: must be one of trace, debug, info, warn, error, fatal, off, was \"loud\"")]
    [InlineData("code_executors: {docker: {d: {}}}", "config.yaml:1: code_executors.docker.d: needs the key image")]
    [InlineData("code_executors: {docker: {d: {image: ~}}}", "config.yaml:1: code_executors.docker.d: needs the key image")]
    [InlineData("code_executors: {docker: {d: 5}}", "config.yaml:1: code_executors.docker.d: must be a section (keys with values), was \"5\"")]
    [InlineData("code_executors: {docker: {d: {image: x, gpus: many}}}", "config.yaml:1: code_executors.docker.d.gpus: must be a whole number from 0 to 64, or all, was \"many\"")]
    [InlineData("code_executors: {docker: {d: {image: x, mounts: [/a]}}}", "config.yaml:1: code_executors.docker.d.mounts: must have the form SOURCE:/TARGET or SOURCE:/TARGET:ro, was \"/a\"")]
    [InlineData("code_executors: {docker: {d: {image: x, pids_limit: 5, limits: {pids: 6}}}}", "config.yaml:1: code_executors.docker.d.pids_limit: is the same as limits.pids; give one of them")]
    [InlineData("code_executors: {docker: {d: {image: x, mem_limit_mb: 5, limits: {memory_mb: 6}}}}", "config.yaml:1: code_executors.docker.d.mem_limit_mb: is the same as limits.memory_mb; give one of them")]
    [InlineData("code_executors: {ssh: {s: {host: h, username: u}}}", "config.yaml:1: code_executors.ssh.s: needs the key password or private_key")]
    [InlineData("code_executors:\n  local: {same: {}}\n  docker:\n    same: {image: x}", "config.yaml:4: code_executors.docker.same: has the name of a localhost code executor; tasks choose by name, so give it another")]
    [InlineData("code_executors: {local: {'a b': {}}}", "config.yaml:1: code_executors.local.a b: must be a name of 1 to 64 letters, digits, '.', '_', '-' or '+', beginning with a letter or digit")]
    [InlineData("runtimes: {r: {run: python}}", "config.yaml:1: runtimes.r.run: must be a list of texts ([a, b])")]
    [InlineData("runtimes: {r: {run: []}}", "config.yaml:1: runtimes.r.run: must have at least one element")]
    [InlineData("runtimes: {r: {run: [a, {b: c}]}}", "config.yaml:1: runtimes.r.run[1]: must be a text, was a section")]
    [InlineData("runtimes: {r: {extensions: [py]}}", "config.yaml:1: runtimes.r.extensions: must each begin with a dot (.py), were py")]
    [InlineData("runtimes: {r: {source_file: a/b.py}}", "config.yaml:1: runtimes.r.source_file: must be a file name without folders (main.py), was \"a/b.py\"")]
    [InlineData("runtimes: {r: {warm: hot}}", "config.yaml:1: runtimes.r.warm: must be one of none, fork_python, prestart_node, was \"hot\"")]
    [InlineData("runtimes: {r: {env: {A=B: 1}}}", "config.yaml:1: runtimes.r.env.A=B: must be a variable's name, which is not empty and has no '=' and no NUL in it")]
    [InlineData("runtimes: {r: {env: {A: [1]}}}", "config.yaml:1: runtimes.r.env.A: must be a text, was a list")]
    [InlineData("sandbox: {read_only_paths: [opt]}", "config.yaml:1: sandbox.read_only_paths: must be absolute paths, one was \"opt\"")]
    [InlineData("server: {callback_hosts: [hook.example, 'hook.example:81', 'hook.example:*', '*', 'hook.example:http', '::1']}", "config.yaml:1: server.callback_hosts: must each be host, host:port or host:* (an IPv6 address in brackets), or * for any; one was \"hook.example:http\"|config.yaml:1: server.callback_hosts: must each be host, host:port or host:* (an IPv6 address in brackets), or * for any; one was \"::1\"")]
    [InlineData("server: {callback_hosts: ['']}", "config.yaml:1: server.callback_hosts[0]: must be a text that is not empty and has no NUL in it")]
    [InlineData("storage: {postgres_connections: 2}", "config.yaml:1: storage.postgres_connections: must be a whole number from 3 to 1000, was \"2\"")]
    [InlineData("storage: {sqlite: a, postgres: b}", "config.yaml:1: storage.postgres: can't be given together with sqlite; remove one of them")]
    [InlineData("cluster: {address: db.example}", "config.yaml:1: cluster.address: must be an IP address, was \"db.example\"")]
    [InlineData("cluster: {silo_port: 0}", "config.yaml:1: cluster.silo_port: must be a whole number from 1 to 65535, was \"0\"")]
    [InlineData("cluster: {gateway_port: 65536}", "config.yaml:1: cluster.gateway_port: must be a whole number from 1 to 65535, was \"65536\"")]
    [InlineData("cluster: {dashboard: on}", "config.yaml:1: cluster.dashboard: must be true or false, was \"on\"")]
    [InlineData("cluster: {nmae: a}", "config.yaml:1: cluster.nmae: unknown key; did you mean name? Known keys: address, dashboard, gateway_port, name, queue, silo_port, tls, trust_network")]
    [InlineData("cluster: {trust_network: lan}", "config.yaml:1: cluster.trust_network: must be true or false, was \"lan\"")]
    [InlineData("cluster: {queue: GPU}", "config.yaml:1: cluster.queue: must be a lower-case letter, then lower-case letters, digits and _, at most 40 in all, was \"GPU\"")]
    [InlineData("cluster:\n  tls:\n    certificate: a\n    key: b", "config.yaml:2: cluster.tls: needs the key ca")]
    [InlineData("cluster: {tls: {certificate: a, key: '', ca: c}}", "config.yaml:1: cluster.tls.key: must be a text that is not empty and has no NUL in it, was \"\"")]
    [InlineData("cluster: {tls: {certificate: a, key: b, ca: c, cert: d}}", "config.yaml:1: cluster.tls.cert: unknown key. Known keys: ca, certificate, key")]
    [InlineData("server: {port: 1}\nserver: {port: 2}", "config.yaml:2: server: is given twice, first in line 1")]
    [InlineData("server:\n  port: 1\n  host: a\n  port: 2", "config.yaml:4: server.port: is given twice, first in line 2")]
    [InlineData("limits:\n  ? [a]\n  : 1", "config.yaml:2: limits: a key must be a text, was a list or a map")]
    [InlineData("server: !port 1", "config.yaml:1: server: the tag !port has no meaning here; remove it|config.yaml:1: server: must be a section (keys with values), was \"1\"")]
    [InlineData("---\nlimits: {}\n---\nlimits: {}", "config.yaml:4: a configuration is one document; remove the --- between the two")]
    public void Fault_names_file_line_key_and_what_would_be_right(string yaml, string expected) =>
        Assert.Equal(expected.Split('|'), Load.Faults(yaml));

    [Theory]
    [InlineData("server: [1, 2", "config.yaml:2")]
    [InlineData("a: b: c", "config.yaml:1")]
    [InlineData("server:\n  port: 1\n bad: 2", "config.yaml:3")]
    [InlineData("x: \"never closed\nserver: 1\n", "config.yaml:")]
    [InlineData("server: *nowhere", "config.yaml:1: broken YAML: there is no anchor &nowhere before this alias")]
    [InlineData("server: &s {a: *s}", "config.yaml:1: broken YAML: the alias *s stands inside what it names")]
    [InlineData("server: {}\n\0\nzebra: 1", "config.yaml:2: broken YAML: there is a NUL character")]
    public void Broken_yaml_is_one_fault_with_its_line(string yaml, string expected)
    {
        string fault = Load.Fault(yaml);

        Assert.StartsWith(expected, fault, StringComparison.Ordinal);
        Assert.Contains("broken YAML", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_are_all_reported_in_the_order_of_the_file()
    {
        string[] faults = Load.Faults(
            """
            server:
              port: http
              hots: x
            code_executors:
              ssh:
                one: {host: h, port: 0}
            limits:
              memory_mb: lots
            """,
            ("EXECUTOR__SERVER__MAX_QUEUE", "-1"));

        Assert.Equal(
            [
                "config.yaml:2: server.port: must be a whole number from 0 to 65535, was \"http\"",
                "config.yaml:3: server.hots: unknown key; did you mean host? Known keys: api_keys, callback_hosts, host, max_body_mb, max_queue, max_requests_per_sec, port, priority_aging_sec",
                "config.yaml:6: code_executors.ssh.one: needs the key username",
                "config.yaml:6: code_executors.ssh.one: needs the key password or private_key",
                "config.yaml:6: code_executors.ssh.one.port: must be a whole number from 1 to 65535, was \"0\"",
                "config.yaml:8: limits.memory_mb: must be a whole number from 1 to 1048576, was \"lots\"",
                "EXECUTOR__SERVER__MAX_QUEUE: must be a whole number from 1 to 100000000, was \"-1\"",
            ],
            faults);
    }

    [Fact]
    public void Fault_shows_long_values_cut()
    {
        string fault = Load.Fault($"limits: {{memory_mb: {new string('9', 5000)}}}");

        Assert.InRange(fault.Length, 100, 250);
    }

    [Fact]
    public void Faults_of_a_shared_anchor_are_told_once_for_each_place()
    {
        string[] faults = Load.Faults("code_executors: {local: {a: &a {timeout_sec: x}, b: *a}}");

        Assert.Equal(2, faults.Length);
    }
}
