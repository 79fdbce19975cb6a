"""The Spark session: the running one, or a quiet local one."""

from __future__ import annotations

import os
import sys
from typing import Any

from hsr_privacy.extras import require


def spark_session() -> Any:
    """The running Spark session, or a quiet local one on two threads.

    No web page, no history, no log of events: a plan may name what a registry is asked for.
    """
    sql = require("pyspark.sql")
    running = sql.SparkSession.getActiveSession()
    if running is not None:
        return running
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = sql.SparkSession.builder.master("local[2]").appName("hsr-privacy")
    settings = {
        "spark.ui.enabled": "false",
        "spark.eventLog.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()
