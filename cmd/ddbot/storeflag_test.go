package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/spf13/pflag"
)

func TestStoreDSN(t *testing.T) {
	file := func(text string) string {
		name := filepath.Join(t.TempDir(), "dsn")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	for _, c := range []struct {
		name, env string
		args      []string
		want      string
		wrong     bool
	}{
		{"nobody says", "", nil, "sqlite:ddbot.db", false},
		{"the environment", " postgres://u:p@db/x\n", nil, "postgres://u:p@db/x", false},
		{"a file", "postgres://other", []string{"--store-dsn-file", file("postgres://u:p@db/x\n")}, "postgres://u:p@db/x", false},
		{"the flag", "postgres://other", []string{"--store", "sqlite:a.db"}, "sqlite:a.db", false},
		{"the flag with the default", "postgres://other", []string{"--store", "sqlite:ddbot.db"}, "sqlite:ddbot.db", false},
		{"both", "", []string{"--store", "sqlite:a.db", "--store-dsn-file", file("x")}, "", true},
		{"an empty file", "", []string{"--store-dsn-file", file("\n")}, "", true},
		{"no file", "", []string{"--store-dsn-file", "/nowhere"}, "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("DDBOT_STORE", c.env)
			var f storeFlags
			fl := pflag.NewFlagSet("", pflag.ContinueOnError)
			f.add(fl, "sqlite:ddbot.db", "")
			if err := fl.Parse(c.args); err != nil {
				t.Fatal(err)
			}
			if got, err := f.dsn(); got != c.want || (err != nil) != c.wrong {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}
