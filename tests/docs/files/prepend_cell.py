"""What a user does in the browser: ``python prepend_cell.py NOTEBOOK TEXT`` puts a cell before the first.

``python prepend_cell.py --remove NOTEBOOK`` takes the first one away.
"""

import json
import sys
from pathlib import Path

remove = sys.argv[1] == "--remove"
notebook = Path(sys.argv[2] if remove else sys.argv[1])
document = json.loads(notebook.read_text(encoding="utf-8"))
if remove:
    del document["cells"][0]
else:
    cell = {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], "source": [sys.argv[2]]}
    document["cells"].insert(0, cell)
notebook.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
