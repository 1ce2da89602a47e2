using System.Text;
using System.Text.Json;

namespace Executor.Tasks;

public sealed class TaskReaderPropertyTests
{
    private const string Task = """
        {"task_id": "t1", "language": "python", "code": "print(1)", "callable": "main", "params": {"x": [1, 2.5, null, "é"]}, "args": ["a", "b"],
         "env": {"A": "1"}, "files": {"data/in.csv": {"content": "AAE=", "encoding": "base64"}}, "runner": "docker", "resources": {"cpus": 0.5},
         "timeout": 2.5, "priority": 3, "limits": {"memory_mb": 256, "network": true}, "retry": {"max_attempts": 3, "backoff_sec": 0.5},
         "depends_on": ["t0"], "cache": {"ttl_sec": 60}, "artifacts": ["out/*.png"], "details": {"\u00e9": "\ud83d\ude00"}}
        """;

    [Fact]
    public void Read_of_damaged_json_gives_a_task_that_can_be_written_or_faults()
    {
        int accepted = 0;
        for (int seed = 0; seed < 4000; seed++)
        {
            string json = Mutation.Of(Task, new Random(seed));

            TaskReading reading = TaskSpecReader.Read(Encoding.UTF8.GetBytes(json));

            Assert.NotEqual(reading.IsValid, reading.Faults.Count > 0);
            Assert.All(reading.Faults, fault => Assert.InRange(fault.Message.Length, 1, 500));
            if (reading.IsValid)
            {
                accepted++;
                byte[] written = JsonSerializer.SerializeToUtf8Bytes(reading.Task, ExecutorJson.Wire.TaskSpec);
                Assert.True(TaskSpecReader.Read(written).IsValid, json);
            }
        }

        Assert.InRange(accepted, 1, 3999);
    }

    [Fact]
    public void Read_of_damaged_bytes_gives_a_task_or_faults()
    {
        for (int seed = 0; seed < 1000; seed++)
        {
            Random random = new(seed);
            byte[] json = Encoding.UTF8.GetBytes(Task);
            json[random.Next(json.Length)] = (byte)random.Next(256);

            TaskReading reading = TaskSpecReader.Read(json);

            Assert.NotEqual(reading.IsValid, reading.Faults.Count > 0);
        }
    }
}
