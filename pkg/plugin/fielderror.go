package plugin

import (
	"fmt"
	"path"
)

// FieldErrorf is what an Options' Validate has against one option, named as "closeReason", "rules[0]" or "groups.status.values[2]",
// so that the message can point to its line in the configuration.
func FieldErrorf(field, format string, args ...any) error {
	return &fieldError{field, fmt.Sprintf(format, args...)}
}

// ValidateGlob is what there is against a pattern for labels in an option; nil for a good one.
func ValidateGlob(field, glob string) error {
	if _, err := path.Match(glob, ""); err != nil || glob == "" {
		return FieldErrorf(field, "%q is not a pattern for labels: write for example priority/*", glob)
	}
	return nil
}

// ValidateGlobs is the same for a list of patterns.
func ValidateGlobs(field string, globs []string) (errs []error) {
	for i, glob := range globs {
		if err := ValidateGlob(fmt.Sprintf("%s[%d]", field, i), glob); err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

type fieldError struct{ field, text string }

func (e *fieldError) Error() string { return e.field + ": " + e.text }
func (e *fieldError) Field() string { return e.field }
