"""Pages that Vite builds, and the responses with their files."""
