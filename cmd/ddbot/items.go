package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/checklist"
)

// itemLine is one line of output; its fields are part of the program's contract.
type itemLine struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Checked bool   `json:"checked"`
	Section string `json:"section"`
	Ref     string `json:"ref"`
	Text    string `json:"text"`
	Depth   int    `json:"depth"`
}

func itemsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "items FILE...",
		Short: "List the check boxes that GitHub shows for Markdown files, as JSON, one a line",
		Long: "Lists exactly the boxes that GitHub renders, with the short reference by which commands name them.\n" +
			"- is standard input. A file that cannot be read safely is refused with exit code 2.",
		Example: "  ddbot items issue.md\n  ddbot items - < issue.md",
		Args:    args(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, files []string) error {
			var refused error
			for _, f := range files {
				list, err := readItems(f, c.InOrStdin())
				if err != nil {
					fmt.Fprintf(c.ErrOrStderr(), "ddbot: %s: %v\n", f, err)
					refused = &exitError{exitUsage, errSaid}
					continue
				}
				if err := printItems(f, list, c.OutOrStdout()); err != nil {
					return err
				}
			}
			return refused
		},
	}
}

func readItems(file string, in io.Reader) (*checklist.List, error) {
	body, err := readFile(file, in)
	if err != nil {
		return nil, err
	}
	return checklist.Parse(body)
}

func printItems(file string, list *checklist.List, out io.Writer) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for _, it := range list.Items() {
		line := itemLine{file, it.Line, it.Checked, strings.Join(it.Section, " / "), it.Ref, it.Text, it.Depth}
		if err := enc.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

// maxFile keeps a wrong argument from filling the memory; GitHub's bodies are far smaller.
const maxFile = 16 << 20

// readFile reads a file, or standard input for "-".
func readFile(name string, in io.Reader) (string, error) {
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return "", err
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("longer than %d bytes", maxFile)
	}
	return string(data), err
}
