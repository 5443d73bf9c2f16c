#!/usr/bin/env python3
"""Django's command line; `./run manage` calls it in the right environment."""

import os
import sys

from django.core.management import execute_from_command_line

from config.frames import roomy

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    roomy(lambda: execute_from_command_line(sys.argv))
