"""Compares two bills of materials: the same packages, licences and dependencies; exit 1 with what differs.

same_packages.py ONE.json OTHER.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def facts_of(bom: dict[str, Any]) -> set[str]:
    """Each package with its licences, and each dependency of one on another, as a line."""
    packages = {
        f"{one['purl']} {json.dumps(one.get('licenses'), sort_keys=True)}" for one in bom["components"]
    }
    edges = {
        f"{one['ref']} needs {other}" for one in bom["dependencies"] for other in one.get("dependsOn", ())
    }
    return packages | edges


def main() -> None:
    one, other = (facts_of(json.loads(Path(name).read_text(encoding="utf-8"))) for name in sys.argv[1:3])
    if one != other:
        sys.exit(
            "\n".join(
                [
                    *(f"- {fact}" for fact in sorted(one - other)),
                    *(f"+ {fact}" for fact in sorted(other - one)),
                ]
            )
        )
    print(f"{len(one)} packages and dependencies agree")


if __name__ == "__main__":
    main()
