using System.Text.Json;

namespace Executor.Configuration;

public sealed class ConfigurationPropertyTests
{
    private static readonly Dictionary<string, string> NoVariables = [];

    [Fact]
    public void Random_configuration_written_as_yaml_is_read_back_the_same()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            RandomConfiguration generator = new(new Random(seed));
            Dictionary<string, object?> tree = RandomConfiguration.Tree(generator.Next());
            string yaml = generator.Yaml(tree);

            ExecutorConfiguration read = ConfigurationLoader.Parse(yaml, $"seed-{seed}", Load.CodeExecutors, NoVariables);

            Assert.Equal(JsonSerializer.Serialize(tree), JsonSerializer.Serialize(RandomConfiguration.Tree(read)));
        }
    }

    [Fact]
    public void Random_damage_gives_a_configuration_or_faults_and_nothing_else()
    {
        int accepted = 0;
        for (int seed = 0; seed < 1000; seed++)
        {
            Random random = new(seed);
            RandomConfiguration generator = new(random);
            string yaml = seed % 3 == 0
                ? Mutation.Soup(random)
                : Mutation.Of(generator.Yaml(RandomConfiguration.Tree(generator.Next())), random);
            accepted += IsAccepted(() => ConfigurationLoader.Parse(yaml, "config.yaml", Load.CodeExecutors, NoVariables)) ? 1 : 0;
        }

        // Both ways were taken.
        Assert.InRange(accepted, 1, 999);
    }

    [Fact]
    public void Random_variables_give_a_configuration_or_faults_and_nothing_else()
    {
        string[] sections = ["SERVER", "server", "LIMITS", "CODE_EXECUTORS__DOCKER__X", "CODE_EXECUTORS__LOCAL", "RUNTIMES__X", "STORAGE", ""];
        string[] keys = ["PORT", "host", "API_KEYS", "PIDS", "X", "IMAGE", "LIMITS__PIDS", "POSTGRES__FILE", "ENV__A", "RUN", ""];
        string[] values = ["1", "50", "x", "[", "[\"a\"]", "a,b", "${X}", "\n"];
        int accepted = 0;
        for (int seed = 0; seed < 1000; seed++)
        {
            Random random = new(seed);
            Dictionary<string, string> variables = [];
            for (int i = random.Next(3); i >= 0; i--)
            {
                string name = $"EXECUTOR__{sections[random.Next(sections.Length)]}__{keys[random.Next(keys.Length)]}";
                variables[name] = values[random.Next(values.Length)];
            }

            accepted += IsAccepted(() => ConfigurationLoader.Load(null, Load.CodeExecutors, variables)) ? 1 : 0;
        }

        Assert.InRange(accepted, 1, 999);
    }

    private static bool IsAccepted(Func<ExecutorConfiguration> load)
    {
        try
        {
            load();
            return true;
        }
        catch (ConfigurationException exception)
        {
            Assert.NotEmpty(exception.Faults);
            return false;
        }
    }
}
