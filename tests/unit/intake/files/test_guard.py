"""The guard around readers of files."""

from __future__ import annotations

import subprocess
import sys


def test_standard_error_comes_back_when_the_last_thread_has_read():
    """Readers in several threads begin and end in any order; what is written afterwards is not lost."""
    code = """
import os, threading
from oligoscope.bilingual import Text
from oligoscope.intake.files.guard import native
first, second = threading.Event(), threading.Event()
def outer():
    with native(Text("", "")):
        first.set(); second.wait(10)
def inner():
    first.wait(10)
    with native(Text("", "")):
        second.set(); threads[0].join(10); os.write(2, b"hidden ")
threads = [threading.Thread(target=t) for t in (outer, inner)]
for thread in threads: thread.start()
for thread in threads: thread.join()
os.write(2, b"seen")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stderr == "seen"
