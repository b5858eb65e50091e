//go:build nodemo

package main

import "github.com/spf13/cobra"

// demoExample is no example where there is no demo.
const demoExample = ""

// demoCommand says where the demo is: a server needs no simulated GitHub, so what is built for one leaves it out.
func demoCommand() *cobra.Command {
	return &cobra.Command{
		Use:                "demo",
		Short:              "Not in this binary: go run ./cmd/ddbot demo, in ddbot's source",
		Example:            "  go run ./cmd/ddbot demo",
		FParseErrWhitelist: cobra.FParseErrWhitelist{UnknownFlags: true},
		RunE: func(*cobra.Command, []string) error {
			return usage("this ddbot was built for a server, without the demo: run 'go run ./cmd/ddbot demo' in ddbot's source")
		},
	}
}
