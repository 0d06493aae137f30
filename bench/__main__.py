"""The command behind bench/run."""

from bench.commands import main

main()
