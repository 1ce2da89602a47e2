"""Turns OpenAI's HumanEval problems into an Executor batch: one task a line.

    python3 make_tasks.py HumanEval.jsonl > tasks.jsonl
    python3 make_tasks.py --completions samples.jsonl HumanEval.jsonl > tasks.jsonl
    python3 make_tasks.py --body "    pass" HumanEval.jsonl > tasks.jsonl

The problems: https://github.com/openai/human-eval (data/HumanEval.jsonl.gz, MIT licence). Without options each program is the
canonical solution, and passes. --completions takes a model's answers, {"task_id": …, "completion": …} a line, several a
problem if it gave several. --body puts the same text in place of every solution.

The check is a function that Executor calls, so a task is COMPLETED only when the check has returned: an answer that leaves
before (sys.exit(0), os._exit(0)) has failed, as human-eval itself judges. An exit code of 0 alone would count it as a pass.
"""

import argparse
import json


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


JUDGE = "judge_of_executor"


def program(problem, body):
    return "%s%s\n%s\n\n\ndef %s():\n    check(%s)\n" % (problem["prompt"], body, problem["test"], JUDGE, problem["entry_point"])


def main():
    parser = argparse.ArgumentParser(description="Turns HumanEval problems into an Executor batch.")
    parser.add_argument("problems", help="HumanEval.jsonl")
    parser.add_argument("--completions", help="a model's answers, a JSON object a line")
    parser.add_argument("--body", help="the same text in place of every solution")
    parser.add_argument("--timeout", type=float, default=10, help="seconds for each program (default 10)")
    options = parser.parse_args()

    problems = {problem["task_id"]: problem for problem in read_lines(options.problems)}
    if options.completions:
        answers = [(answer["task_id"], answer["completion"]) for answer in read_lines(options.completions)]
    else:
        answers = [(name, problem["canonical_solution"] if options.body is None else options.body) for name, problem in problems.items()]

    seen = {}
    for name, body in answers:
        seen[name] = seen.get(name, 0) + 1
        task_id = name.replace("/", "-") + ("" if seen[name] == 1 else "-%d" % seen[name])
        print(json.dumps({
            "task_id": task_id,
            "name": problems[name]["entry_point"],
            "language": "python",
            "code": program(problems[name], body),
            "callable": JUDGE,
            "timeout": options.timeout,
            "details": {"problem": name},
        }))


if __name__ == "__main__":
    main()
