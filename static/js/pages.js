// Starts what data- attributes ask for. Every page works without it.

import "./rows-open.js";
import "./confirm.js";
import "./unsaved.js";
import "./tick-all.js";
import "./files.js";
import "./agenda.js";
