package hanami_test

import (
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	uuidPattern      = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	timestampPattern = regexp.MustCompile(`^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$`)
)

// lookUp follows a JSON pointer.
func lookUp(document any, pointer string) (any, bool) {
	if pointer == "" {
		return document, true
	}
	for _, key := range strings.Split(pointer[1:], "/") {
		key = strings.NewReplacer("~1", "/", "~0", "~").Replace(key)
		switch inner := document.(type) {
		case map[string]any:
			value, found := inner[key]
			if !found {
				return nil, false
			}
			document = value
		case []any:
			index, err := strconv.Atoi(key)
			if err != nil || index < 0 || index >= len(inner) {
				return nil, false
			}
			document = inner[index]
		default:
			return nil, false
		}
	}
	return document, true
}

// matches tells whether a value, if it was found, is what the matcher wants.
func matches(value any, found bool, matcher any) bool {
	name, argument, special := parseMatcher(matcher)
	if special && name == "absent" {
		return !found
	}
	if !found {
		return false
	}
	if !special {
		return reflect.DeepEqual(value, matcher)
	}
	text, isText := value.(string)
	list, isList := value.([]any)
	switch name {
	case "between":
		number, isNumber := value.(float64)
		bounds := argument.([]any)
		return isNumber && bounds[0].(float64) <= number && number <= bounds[1].(float64)
	case "uuid":
		return isText && uuidPattern.MatchString(text)
	case "timestamp":
		return isText && timestampPattern.MatchString(text)
	case "length":
		return isList && float64(len(list)) == argument || isText && float64(len(text)) == argument
	case "contains":
		if isText {
			return strings.Contains(text, argument.(string))
		}
		return isList && holds(list, argument)
	default: // "lacks"
		return isList && !holds(list, argument)
	}
}

// parseMatcher splits {"name": argument}; anything else is no special matcher.
func parseMatcher(matcher any) (name string, argument any, special bool) {
	fields, isObject := matcher.(map[string]any)
	if !isObject || len(fields) != 1 {
		return "", nil, false
	}
	for name, argument := range fields {
		switch name {
		case "between", "uuid", "timestamp", "length", "contains", "lacks", "absent":
			return name, argument, true
		}
	}
	return "", nil, false
}

// holds tells whether an element of list is as wanted: by a matcher, or field by field.
func holds(list []any, wanted any) bool {
	for _, element := range list {
		if matches(element, true, wanted) || fieldsMatch(element, wanted) {
			return true
		}
	}
	return false
}

func fieldsMatch(element, wanted any) bool {
	fields, isObject := wanted.(map[string]any)
	inner, hasFields := element.(map[string]any)
	if _, _, special := parseMatcher(wanted); !isObject || !hasFields || special {
		return false
	}
	for name, matcher := range fields {
		value, found := inner[name]
		if !matches(value, found, matcher) {
			return false
		}
	}
	return true
}

func TestMatchersTellApart(t *testing.T) {
	object := map[string]any{"a": 1.0, "b": "text"}
	list := []any{object, 2.0}
	for _, trial := range []struct {
		value   any
		matcher any
		want    bool
	}{
		{1.0, 1.0, true},
		{1.0, 2.0, false},
		{1.5, map[string]any{"between": []any{1.0, 2.0}}, true},
		{2.5, map[string]any{"between": []any{1.0, 2.0}}, false},
		{"1.5", map[string]any{"between": []any{1.0, 2.0}}, false},
		{"00000000-0000-4000-8000-00000000000a", map[string]any{"uuid": true}, true},
		{"00000000-0000-4000-8000-00000000000A", map[string]any{"uuid": true}, false},
		{"2026-01-02 03:04:05", map[string]any{"timestamp": true}, true},
		{"-", map[string]any{"timestamp": true}, false},
		{list, map[string]any{"length": 2.0}, true},
		{"four", map[string]any{"length": 4.0}, true},
		{list, map[string]any{"length": 3.0}, false},
		{"a text", map[string]any{"contains": "text"}, true},
		{list, map[string]any{"contains": map[string]any{"a": 1.0}}, true},
		{list, map[string]any{"contains": map[string]any{"a": 2.0}}, false},
		{list, map[string]any{"contains": 2.0}, true},
		{list, map[string]any{"lacks": map[string]any{"a": 1.0}}, false},
		{list, map[string]any{"lacks": map[string]any{"c": 1.0}}, true},
	} {
		if matches(trial.value, true, trial.matcher) != trial.want {
			t.Errorf("%v and %v: not %v", trial.value, trial.matcher, trial.want)
		}
	}
	if !matches(nil, false, map[string]any{"absent": true}) || matches(nil, false, 1.0) {
		t.Error("what is absent matches only that")
	}
	if value, found := lookUp(list, "/0/b"); !found || value != "text" {
		t.Errorf("the pointer led to %v", value)
	}
}
