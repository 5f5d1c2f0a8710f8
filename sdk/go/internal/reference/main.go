// Command reference writes the reference documentation of the SDK, made from its source, as Markdown.
//
//	go run ./internal/reference > REFERENCE.md
package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/doc"
	"go/doc/comment"
	"go/format"
	"go/parser"
	"go/token"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const importPath = "hanami.local/sdk/hanami"

func main() {
	log.SetFlags(0)
	files := token.NewFileSet()
	pkg, err := load(files, ".")
	if err != nil {
		log.Fatal(err)
	}
	if _, err := os.Stdout.Write(render(files, pkg)); err != nil {
		log.Fatal(err)
	}
}

// load reads the package in directory, its examples included.
func load(files *token.FileSet, directory string) (*doc.Package, error) {
	paths, err := filepath.Glob(filepath.Join(directory, "*.go"))
	if err != nil {
		return nil, err
	}
	var parsed []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") && filepath.Base(path) != "example_test.go" {
			continue
		}
		file, err := parser.ParseFile(files, path, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		parsed = append(parsed, file)
	}
	return doc.NewFromFiles(files, parsed, importPath)
}

// page is the Markdown being written.
type page struct {
	bytes.Buffer
	files *token.FileSet
	pkg   *doc.Package
}

func render(files *token.FileSet, pkg *doc.Package) []byte {
	p := &page{files: files, pkg: pkg}
	p.WriteString("<!-- Made by `go generate` from the source. -->\n\n")
	fmt.Fprintf(p, "# Package %s\n\n    import %q\n\n", pkg.Name, pkg.ImportPath)
	p.prose(pkg.Doc)
	p.examples(pkg.Examples)
	p.values(pkg.Consts)
	p.values(pkg.Vars)
	p.functions("##", pkg.Funcs)
	for _, kind := range pkg.Types {
		fmt.Fprintf(p, "## type %s\n\n", kind.Name)
		p.code(kind.Decl)
		p.prose(kind.Doc)
		p.values(kind.Consts)
		p.values(kind.Vars)
		p.examples(kind.Examples)
		p.functions("###", kind.Funcs)
		p.functions("###", kind.Methods)
	}
	return append(bytes.TrimRight(p.Bytes(), "\n"), '\n')
}

func (p *page) prose(text string) {
	if text == "" {
		return
	}
	printer := p.pkg.Printer()
	printer.HeadingLevel = 3
	printer.HeadingID = func(*comment.Heading) string { return "" }
	printer.DocLinkURL = p.linkTo
	p.Write(printer.Markdown(p.pkg.Parser().Parse(text)))
	p.WriteString("\n")
}

// linkTo is the heading above what a comment names in brackets.
func (p *page) linkTo(link *comment.DocLink) string {
	if link.ImportPath != "" {
		return link.DefaultURL("https://pkg.go.dev/")
	}
	if link.Recv != "" {
		return "#" + strings.ToLower("func-"+link.Recv+link.Name)
	}
	for _, kind := range p.pkg.Types {
		if kind.Name == link.Name || declares(kind.Consts, link.Name) {
			return "#" + strings.ToLower("type-"+kind.Name)
		}
	}
	return "#" + strings.ToLower("func-"+link.Name)
}

func declares(values []*doc.Value, name string) bool {
	for _, value := range values {
		if slices.Contains(value.Names, name) {
			return true
		}
	}
	return false
}

func (p *page) values(values []*doc.Value) {
	for _, value := range values {
		p.code(value.Decl)
		p.prose(value.Doc)
	}
}

func (p *page) functions(level string, functions []*doc.Func) {
	for _, function := range functions {
		name := function.Name
		if function.Recv != "" {
			name = strings.TrimPrefix(function.Recv, "*") + "." + name
		}
		fmt.Fprintf(p, "%s func %s\n\n", level, name)
		p.code(function.Decl)
		p.prose(function.Doc)
		p.examples(function.Examples)
	}
}

func (p *page) examples(examples []*doc.Example) {
	for _, example := range examples {
		p.WriteString("Example:\n\n")
		p.code(example.Code)
	}
}

// code writes a declaration or an example; the bodies of functions are left out before.
func (p *page) code(node any) {
	if function, ok := node.(*ast.FuncDecl); ok {
		function.Body = nil
		function.Doc = nil
	}
	if general, ok := node.(*ast.GenDecl); ok {
		general.Doc = nil
	}
	var text bytes.Buffer
	if err := format.Node(&text, p.files, node); err != nil {
		log.Fatal(err)
	}
	code := strings.TrimSpace(text.String())
	if _, example := node.(*ast.BlockStmt); example {
		code = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(code, "{"), "}"))
		code = strings.ReplaceAll(code, "\n\t", "\n")
	}
	fmt.Fprintf(p, "```go\n%s\n```\n\n", code)
}
