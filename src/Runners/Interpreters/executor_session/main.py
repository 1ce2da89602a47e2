"""Where a session's interpreter starts."""
from .interpreter import Interpreter
from .supervisor import InChild, Supervisor


def main():
    supervisor = Supervisor()
    try:
        supervisor.serve()
    except InChild as child:
        ends = child.args
    Interpreter(supervisor, *ends).live()


if __name__ == "__main__":
    main()
