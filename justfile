# What developers do, one word each: `just setup`, `just quick`, `just test`, `just check`, `just pages`.
# just is in requirements-dev.lock (package rust-just), so that after the setup `.venv/bin/just` is there, too.

bin := if os_family() == "windows" { ".venv/Scripts" } else { ".venv/bin" }
python := bin / "python"
system_python := if os_family() == "windows" { "python" } else { "python3" }

# The recipes
default:
    @{{ quote(just_executable()) }} --list --unsorted

# An environment of this folder, with the package as it is being edited
setup:
    {{ system_python }} -m venv .venv
    {{ python }} -m pip install -q --require-hashes -r requirements-dev.lock
    {{ python }} -m pip install -q --no-deps --no-build-isolation -e .

# Tests that a wrong word fails, in seconds: before every commit
quick:
    {{ python }} -m pytest -q -n 0 tests/test_words_used_once.py
    {{ python }} -m pytest @tests/quick.txt

# All tests, or those that are named
test *arguments:
    {{ python }} -m pytest -q {{ arguments }}

# Style, types and floors
check:
    {{ bin }}/ruff check
    {{ bin }}/ruff format --check
    {{ bin }}/pyright
    {{ bin }}/lint-imports --no-logo

# Pages of docs that are printed from the code
pages:
    {{ python }} scripts/print_rule_book.py
    {{ python }} scripts/print_keys.py
    {{ python }} scripts/print_warnings.py
    {{ python }} scripts/print_dictionary.py
    {{ python }} scripts/print_settings.py
    {{ python }} scripts/print_published.py
    {{ python }} scripts/print_house.py

# What is said of the locked packages, from the lock files: licences, platforms, bill of materials
supply:
    {{ system_python }} -m venv .venv-supply
    .venv-supply/bin/pip install -q --require-hashes -r requirements-supply.lock
    {{ python }} scripts/supply/print_licences.py
    .venv-supply/bin/python scripts/supply/print_platforms.py
    scripts/supply/sbom.sh .venv-supply/bin

# The validation pack, in both languages, into a folder
validation folder="validation":
    {{ python }} scripts/validation_pack.py {{ quote(folder) }}
