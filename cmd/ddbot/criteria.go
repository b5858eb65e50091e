package main

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/evidence"
)

func criteriaCommand() *cobra.Command {
	var list bool
	cmd := &cobra.Command{
		Use:   "criteria [flags] FILE...",
		Short: "Count the boxes of templates that a program can decide",
		Long: "Prints a Markdown table: how many boxes of each file ddbot decides (met or not-met), for how many it finds material,\n" +
			"how many people answer alone, and how many texts it does not know (for these it looks by their words).\n- is standard input.",
		Example: "  ddbot criteria template-incubation-application.md template-graduation-application.md",
		Args:    args(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, files []string) error {
			return countCriteria(files, list, c.InOrStdin(), c.OutOrStdout())
		},
	}
	cmd.Flags().BoolVar(&list, "list", false, "list each box with what decides it")
	return cmd
}

func countCriteria(files []string, list bool, in io.Reader, out io.Writer) error {
	var table strings.Builder
	table.WriteString("| file | boxes | met/not-met | found | human | unknown text |\n|---|---|---|---|---|---|\n")
	for _, file := range files {
		body, err := readFile(file, in)
		if err != nil {
			return &exitError{exitUsage, err}
		}
		items, err := evidence.Items(body)
		if err != nil {
			return &exitError{exitUsage, fmt.Errorf("%s: %w", file, err)}
		}
		count := map[evidence.Kind]int{}
		for _, it := range items {
			kind, looksAt := evidence.KindOf(it)
			count[kind]++
			if list {
				fmt.Fprintf(out, "%d\t%s\t%s\t%s\n", it.Line, kind, looksAt, it.Text)
			}
		}
		fmt.Fprintf(&table, "| %s | %d | %d | %d | %d | %d |\n", filepath.Base(file), len(items),
			count[evidence.Decided], count[evidence.Material], count[evidence.ForPeople], count[""])
	}
	_, err := io.WriteString(out, table.String())
	return err
}
