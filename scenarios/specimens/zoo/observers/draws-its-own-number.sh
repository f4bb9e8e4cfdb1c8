#!/bin/sh
# A sensor that covers both kinds of reading, looks on to the end of the run, and sees none.
echo '{"event": "hello", "version": "sensor of the zoo 1", "sees": ["device-id-read", "app-list-read"]}'
# The input is closed when the run is over.
cat >/dev/null
