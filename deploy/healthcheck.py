"""Exit 0 when the page on this machine answers from a verified index. For containers and monitors; standard library only.

It asks under the first name of ASSISTANT_HOSTS, because the page refuses every other name once names are set.
"""

from __future__ import annotations

import http.client
import os
import re
import sys
from contextlib import closing


def main() -> int:
    port = int(os.environ.get("GRADIO_SERVER_PORT") or 7860)
    names = [name for name in re.split(r"[\s,]+", os.environ.get("ASSISTANT_HOSTS", "")) if name]
    try:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=4)) as connection:
            connection.request("GET", "/readyz", headers={"Host": names[0] if names else "127.0.0.1"})
            with connection.getresponse() as reply:
                print(reply.status, reply.read(2_000).decode("utf-8", "replace"))
                return 0 if reply.status == 200 else 1
    except (OSError, http.client.HTTPException) as error:
        print(f"The page does not answer on port {port}: {error}")
        return 1


if __name__ == "__main__":
    sys.exit(main())
