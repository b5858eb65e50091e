package plugin

import "fmt"

// Wrong is what an Options' Validate has against one option, named as "closeReason", "rules[0]" or "groups.status.values[2]",
// so that the message can point to its line in the configuration.
func Wrong(field, format string, args ...any) error {
	return &fieldError{field, fmt.Sprintf(format, args...)}
}

type fieldError struct{ field, text string }

func (e *fieldError) Error() string { return e.field + ": " + e.text }
func (e *fieldError) Field() string { return e.field }
