package github

import (
	"net/url"
	"testing"
)

func TestSameHost(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"https://api.github.com/user", "https://API.github.com:443/x", true},
		{"https://api.github.com", "http://api.github.com", false},
		{"https://api.github.com", "https://api.github.com:8443", false},
		{"https://api.github.com", "https://api.github.com.example", false},
		{"https://api.github.com", "https://github.com", false},
		{"http://ghe:80/api/v3", "http://ghe/api/graphql", true},
	} {
		a, _ := url.Parse(c.a)
		b, _ := url.Parse(c.b)
		if sameHost(a, b) != c.same {
			t.Errorf("%s and %s", c.a, c.b)
		}
	}
}
