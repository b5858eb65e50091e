package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/spf13/pflag"
)

// storeFlags say where the database is. An address with a password does not belong into the arguments of a process, which
// everybody on the machine can read.
type storeFlags struct {
	url, file, without string
	flags              *pflag.FlagSet
}

// add adds the flags; without is where the database is if nobody says.
func (f *storeFlags) add(fl *pflag.FlagSet, without, help string) {
	f.flags, f.without = fl, without
	fl.StringVar(&f.url, "store", without, help)
	env := ""
	if without != "" {
		env = "; without either, $DDBOT_STORE"
	}
	fl.StringVar(&f.file, "store-dsn-file", "", "file with what --store would say"+env)
}

// dsn gives the address: of the flag, the file, the environment, or where it is if nobody says.
func (f *storeFlags) dsn() (string, error) {
	switch {
	case f.flags.Changed("store") && f.file != "":
		return "", usage("--store and --store-dsn-file say the same thing: give one of them")
	case f.flags.Changed("store"):
		return f.url, nil
	case f.file != "":
		data, err := os.ReadFile(f.file)
		if err != nil {
			return "", &exitError{exitUsage, fmt.Errorf("read where the store is: %w", err)}
		}
		if dsn := strings.TrimSpace(string(data)); dsn != "" {
			return dsn, nil
		}
		return "", usage("there is nothing in %s: write sqlite:PATH or postgres://… there", f.file)
	}
	// A command that makes itself a temporary database does not go to the server's unless it is told to.
	if dsn := strings.TrimSpace(os.Getenv("DDBOT_STORE")); dsn != "" && f.without != "" {
		return dsn, nil
	}
	return f.without, nil
}
