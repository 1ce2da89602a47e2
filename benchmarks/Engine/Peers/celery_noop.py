"""Celery's side of the engine benchmark: a task that does nothing, through Redis, as broker and as result backend.

celery_noop.py worker REDIS_URL CONCURRENCY        is the worker
celery_noop.py measure REDIS_URL TASKS             submits, waits for every result, prints tasks per second and the p50 of one alone in ms
"""
import sys
import time

from celery import Celery

app = Celery("noop", broker=sys.argv[2], backend=sys.argv[2])
app.conf.update(worker_prefetch_multiplier=64, task_acks_late=False, worker_hijack_root_logger=False)


@app.task(name="noop")
def noop(number):
    return number


def measure(tasks):
    noop.delay(0).get(timeout=60)
    start = time.perf_counter()
    results = [noop.delay(number) for number in range(tasks)]
    assert [result.get(timeout=300) for result in results] == list(range(tasks))
    rate = tasks / (time.perf_counter() - start)
    alone = []
    for number in range(200):
        start = time.perf_counter()
        noop.delay(number).get(timeout=60)
        alone.append(time.perf_counter() - start)
    print(rate, sorted(alone)[100] * 1000)


if sys.argv[1] == "worker":
    app.worker_main(["worker", "--pool=prefork", f"--concurrency={sys.argv[3]}", "--loglevel=ERROR", "--without-gossip", "--without-mingle", "--without-heartbeat"])
else:
    measure(int(sys.argv[3]))
