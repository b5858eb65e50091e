package config

// Overridable tells whether a repository's own file can set anything: where it cannot, nobody needs to read it.
func (c *Config) Overridable() bool { return len(c.keys) > 0 }
