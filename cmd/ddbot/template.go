package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/ddbot/ddbot/pkg/template"
)

func templateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "template",
		Short: "Versions of the application and report templates: list, recognise, compare, migrate, new",
		Long: "The foundation rewords its templates every few months. ddbot knows the versions that there were (as data), tells which\n" +
			"of them a text was made from, and moves what people wrote to another one. Texts that it has never seen are compared by\n" +
			"similarity, so templates of others work, too. Nothing here needs a network, but templates that are named by an address.",
		Example: "  ddbot template list\n  ddbot template which issue.md\n" +
			"  ddbot template diff application/graduation@2025-08-19 newest.md\n" +
			"  ddbot template migrate issue.md --to newest > issue-new.md\n" +
			"  ddbot template new graduation --project kubevirt/kubevirt",
		Args: known,
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	cmd.AddCommand(templateListCommand(), templateWhichCommand(), templateDiffCommand(), templateMigrateCommand(), templateNewCommand())
	return cmd
}

// versionLine is one line of --json; its fields are part of the program's contract.
type versionLine struct {
	Kind     string `json:"kind"`
	Level    string `json:"level"`
	Hash     string `json:"hash"`
	Date     string `json:"date"`
	Commit   string `json:"commit"`
	Path     string `json:"path"`
	Boxes    int    `json:"boxes"`
	Headings int    `json:"headings"`
}

func lineOf(v *template.Version) versionLine {
	o := v.Outline()
	return versionLine{v.Kind, v.Level, v.Hash, v.Date, v.Commit, v.Path, len(o.Boxes()), len(o.Headings())}
}

func checkKindLevel(kind, level string) error {
	if kind != "" && kind != template.Application && kind != template.Report {
		return usage("--kind is application or report, not %q", kind)
	}
	if level != "" && level != template.Incubation && level != template.Graduation {
		return usage("--level is incubation or graduation, not %q", level)
	}
	return nil
}

func templateListCommand() *cobra.Command {
	var kind, level string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the known versions, the newest last", Args: args(cobra.NoArgs),
		Example: "  ddbot template list\n  ddbot template list --kind report --level graduation --json",
		RunE: func(c *cobra.Command, _ []string) error {
			if err := checkKindLevel(kind, level); err != nil {
				return err
			}
			var lines []versionLine
			for i, v := range template.Versions() {
				if (kind == "" || kind == v.Kind) && (level == "" || level == v.Level) {
					lines = append(lines, lineOf(&template.Versions()[i]))
				}
			}
			return printVersions(c.OutOrStdout(), lines, asJSON)
		},
	}
	cmd.Flags().StringVar(&kind, "kind", "", "only application or report")
	cmd.Flags().StringVar(&level, "level", "", "only incubation or graduation")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object for each version, one a line")
	return cmd
}

func printVersions(out io.Writer, lines []versionLine, asJSON bool) error {
	if asJSON {
		return jsonLines(out, lines)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "HASH\tDATE\tCOMMIT\tKIND\tLEVEL\tBOXES\tHEADINGS")
	const short = 8
	for _, l := range lines {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%d\n", l.Hash, l.Date, l.Commit[:min(short, len(l.Commit))], l.Kind, l.Level, l.Boxes, l.Headings)
	}
	return w.Flush()
}

// jsonLines prints one object a line.
func jsonLines[T any](out io.Writer, lines []T) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for _, l := range lines {
		if err := enc.Encode(l); err != nil {
			return err
		}
	}
	return nil
}

// whichLine is one line of --json; its fields are part of the program's contract.
type whichLine struct {
	File string `json:"file"`
	versionLine
	Score   float64 `json:"score"`
	Exact   bool    `json:"exact"`
	Same    int     `json:"same"`
	Missing int     `json:"missing"`
	Extra   int     `json:"extra"`
	Tied    int     `json:"tied"` // other versions that fit as well
}

func templateWhichCommand() *cobra.Command {
	var asJSON bool
	var kind, level string
	cmd := &cobra.Command{
		Use: "which FILE...", Short: "Tell which version an application or report was made from", Args: args(cobra.MinimumNArgs(1)),
		Long: "Compares the boxes, headings and lines of a text with all known versions. Where several fit as well, it says how many, and\n" +
			"names the newest of those of the level in the title. Exit code 1: a text is like none of them. - is standard input.",
		Example: "  ddbot template which issue.md\n  ddbot template which --level graduation part-of-an-issue.md\n  ddbot template which --json projects/*/*-dd.md",
		RunE: func(c *cobra.Command, files []string) error {
			if err := checkKindLevel(kind, level); err != nil {
				return err
			}
			return whichTemplates(files, kind, level, asJSON, c.InOrStdin(), c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	cmd.Flags().StringVar(&kind, "kind", "", "only application or report")
	cmd.Flags().StringVar(&level, "level", "", "only incubation or graduation, as the issue's label has it")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object for each file, one a line")
	return cmd
}

func whichTemplates(files []string, kind, level string, asJSON bool, in io.Reader, out, errOut io.Writer) error {
	var failed error
	for _, f := range files {
		o, err := readOutline(f, in)
		if err != nil {
			fmt.Fprintf(errOut, "ddbot: %s: %v\n", f, err)
			failed = &exitError{exitUsage, errSaid}
			continue
		}
		m := template.Recognize(o, template.Versions(), kind, level)[0]
		if m.Score < template.Likely {
			fmt.Fprintf(errOut, "ddbot: %s: it is like no known template (nearest: %s, score %.2f)\n", f, m.Version.Name(), m.Score)
			if failed == nil {
				failed = &exitError{exitFailure, errSaid}
			}
			continue
		}
		line := whichLine{f, lineOf(m.Version), m.Score, m.Exact, m.Boxes, m.Missing, m.Extra, m.Tied}
		if asJSON {
			err = jsonLines(out, []whichLine{line})
		} else {
			_, err = io.WriteString(out, line.text(m.Version))
		}
		if err != nil {
			return err
		}
	}
	return failed
}

func (l whichLine) text(v *template.Version) string {
	how := fmt.Sprintf("score %.2f", l.Score)
	if l.Exact {
		how = "to the letter"
	}
	s := fmt.Sprintf("%s: %s, %s\n  %d of its %d boxes", l.File, v.Name(), how, l.Same, l.Boxes)
	if l.Extra > 0 {
		s += fmt.Sprintf(", and %d that it does not have", l.Extra)
	}
	if l.Tied == 1 {
		s += "\n  another version fits as well; this is the newer one"
	} else if l.Tied > 1 {
		s += fmt.Sprintf("\n  %d other versions fit as well; this is the newest", l.Tied)
	}
	return s + "\n  " + v.URL() + "\n"
}

// readOutline reads a file, or standard input for "-".
func readOutline(name string, in io.Reader) (*template.Outline, error) {
	text, err := readFile(name, in)
	if err != nil {
		return nil, err
	}
	return template.Read(text)
}

// changeLine is one line of --json; its fields are part of the program's contract.
type changeLine struct {
	Kind  template.ChangeKind `json:"kind"`
	Score float64             `json:"score"`
	Old   *criterionLine      `json:"old"`
	New   *criterionLine      `json:"new"`
}

type criterionLine struct {
	Line    int    `json:"line"`
	Section string `json:"section"`
	Hash    string `json:"hash"`
	Text    string `json:"text"`
}

func templateDiffCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "diff OLD NEW", Short: "Compare two versions criterion by criterion", Args: args(cobra.ExactArgs(2)),
		Long: "Says what was kept, moved to another section, reworded, is new or gone. OLD and NEW are each " + templateNames + ".\n" +
			"An application or report can stand for a version, too.",
		Example: "  ddbot template diff report/graduation@2025-08-19 report/graduation\n  ddbot template diff application/graduation@2025-08-19 newest-from-main.md --json",
		RunE: func(c *cobra.Command, a []string) error {
			return diffTemplates(c.Context(), a[0], a[1], asJSON, c.InOrStdin(), c.OutOrStdout())
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object for each criterion, one a line")
	return cmd
}

func diffTemplates(ctx context.Context, oldName, newName string, asJSON bool, in io.Reader, out io.Writer) error {
	old, now, err := twoTemplates(ctx, oldName, newName, in)
	if err != nil {
		return err
	}
	changes := template.Compare(old.Outline(), now.Outline())
	if asJSON {
		lines := make([]changeLine, len(changes))
		for i, c := range changes {
			lines[i] = changeLine{c.Kind, c.Score, criterion(c.Old), criterion(c.New)}
		}
		return jsonLines(out, lines)
	}
	return template.PrintChanges(out, changes)
}

// twoTemplates reads both; "newest" is of the kind and level of the other.
func twoTemplates(ctx context.Context, oldName, newName string, in io.Reader) (old, now *template.Version, err error) {
	wanted := templateWanted{kind: template.Application}
	if oldName == "newest" && newName != "newest" {
		now, old, err = twoTemplates(ctx, newName, oldName, in)
		return old, now, err
	}
	if old, err = readTemplate(ctx, oldName, wanted, in); err != nil {
		return nil, nil, err
	}
	now, err = readTemplate(ctx, newName, templateWanted{old.Kind, old.Level}, in)
	return old, now, err
}

func criterion(p *template.Part) *criterionLine {
	if p == nil {
		return nil
	}
	return &criterionLine{p.Line, strings.Join(p.Section, " / "), p.Hash, p.Title}
}
