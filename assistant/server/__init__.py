"""question -> answer, served: the page, the MCP server, and what holds an index open and reloads it.

    http_server -> web/ -> service -> reload (which generation answers) -> answering;  mcp_server -> service

Imports evaluation (an editor adds a question) and all below it.
"""
