//go:build !unix

package pgtest

import "syscall"

// otherUser: only on Unix does PostgreSQL refuse to run as who starts it.
func otherUser(string) (*syscall.SysProcAttr, error) { return nil, nil }
