"""request -> request, or a refusal; response -> response with headers, smaller. One kind a module."""
