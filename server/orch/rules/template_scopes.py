"""Which name means what in a template: scopes as Jinja has them, in one walk over the tags.

- `if` opens no scope; what only some of its branches set may be set after it.
- `for`, `with`, `macro`, `call`, `filter`, `set` with a body, `autoescape` and `block` do: what is set inside ends
  there.
- A macro runs later, so it sees all that its surroundings ever set; a block sees the top level of the template, and
  what is around it only when it is `scoped`.

Nothing here knows of other templates: what a template does not define itself is `free`.
"""

from orch.rules.template_scope import (
    IMPLICIT,
    Asking,
    Free,
    LostAssignment,
    NamedBlock,
    Scope,
    ScopeKind,
    Scopes,
    Unsure,
    Variable,
)
from orch.syntax.jinja_blocks import Block, Step
from orch.syntax.jinja_names import Bind, BindKind, Read, Uses
from orch.syntax.jinja_tag import Tag
from orch.syntax.jinja_tree import TemplateTree
from orch.syntax.jinja_uses import uses_of


def find_scopes(tree: TemplateTree) -> Scopes:
    """The scopes of a template. Takes time in proportion to its tags."""
    return _Walk(tree).run()


_KINDS = {
    "with": ScopeKind.WITH,
    "call": ScopeKind.CALL,
    "filter": ScopeKind.FILTER,
    "set": ScopeKind.SET,
    "autoescape": ScopeKind.AUTOESCAPE,
    "macro": ScopeKind.MACRO,
    "block": ScopeKind.BLOCK,
    "for": ScopeKind.FOR,
}
_UNCERTAIN = frozenset({"if", "for", "macro", "call"})


class _Branches:
    """An open `if`: how much was set when it began, and what its branches so far, and all of them, have set."""

    __slots__ = ("common", "has_else", "saved", "start", "sure_start")

    def __init__(self, scope: Scope) -> None:
        self.start = len(scope.trail)
        self.sure_start = len(scope.sure_trail)
        self.saved: list[tuple[str, Variable]] = []
        self.common: set[str] | None = None
        self.has_else = False


class _Walk:
    def __init__(self, tree: TemplateTree) -> None:
        self.tree = tree
        self.tags = tree.tags
        root = Scope(ScopeKind.TEMPLATE, None, -1, -1, IMPLICIT[ScopeKind.TEMPLATE])
        root.end = len(tree.tags)
        self.scope = root
        self.result = Scopes(root, [root], [], [], [], [], [], [], set(), set(), [])
        self.branches: list[_Branches] = []
        self.conditions = 0
        self.deferred: list[tuple[Free, Unsure | None]] = []

    def run(self) -> Scopes:
        events = iter(self.tree.blocks.events)
        event = next(events, None)
        result = self.result
        for index, tag in enumerate(self.tags):
            uses = tag.uses
            if uses is None:
                uses = uses_of(tag)
            if event is not None and event.tag == index:
                while event is not None and event.tag == index:
                    self._event(event.step, event.block, index, tag, uses)
                    event = next(events, None)
            elif tag.problem is not None:
                self._unread(tag)
                continue
            elif uses.reads or uses.binds or uses.wanted is not None:
                self._simple(index, uses)
            if uses.paths or uses.calls or uses.filters or uses.tests or tag.name == "macro":
                result.used.append((index, uses))
            if uses.tested:
                result.tested |= uses.tested
        while event is not None:
            self._event(event.step, event.block, len(self.tags), None, None)
            event = next(events, None)
        self._settle()
        return result

    def _unread(self, tag: Tag) -> None:
        self.result.uncertain.update(
            token.value for token in tag.tokens.tokens if token.type == "name" and token.value != tag.name
        )

    def _simple(self, index: int, uses: Uses) -> None:
        self._read(index, uses.reads)
        for bind in uses.binds:
            self._bind(index, bind)
        if uses.wanted is not None:
            top = self.scope.kind is ScopeKind.TEMPLATE
            self.result.asking.append(Asking(index, uses.wanted, self.scope, self.conditions == 0, top))

    def _event(self, step: Step, number: int, index: int, tag: Tag | None, uses: Uses | None) -> None:
        block = self.tree.blocks.blocks[number]
        opener = self.tags[block.opener]
        if step is Step.OPEN:
            assert tag is not None
            assert uses is not None
            self._open(number, index, tag, uses)
        elif step is Step.DIVIDE:
            assert tag is not None
            assert uses is not None
            self._divide(number, index, opener, uses)
        else:
            self._close(block, index, opener)
        if tag is not None and tag.problem is not None:
            self._unread(tag)

    def _open(self, number: int, index: int, tag: Tag, uses: Uses) -> None:
        name = tag.name
        if name in _UNCERTAIN:
            self.conditions += 1
        if name == "if" or name not in _KINDS:
            self._read(index, uses.reads)
            self.branches.append(_Branches(self.scope))
            return
        kind = _KINDS[name]
        if kind is ScopeKind.MACRO and uses.binds:
            self._bind(index, uses.binds[0])
        self._read(index, uses.reads)
        outside = self.scope
        scope = self._enter(kind, number, index)
        if kind is ScopeKind.BLOCK:
            node = tag.node
            if uses.binds:
                scoped, required = getattr(node, "scoped", False), getattr(node, "required", False)
                self.result.blocks.append(NamedBlock(index, uses.binds[0], scoped, required, scope, outside))
        elif kind is not ScopeKind.SET:
            for bind in uses.binds[kind is ScopeKind.MACRO :]:
                self._bind(index, bind)
            if kind is not ScopeKind.FILTER:
                self._read(index, uses.inner_reads)
        scope.implicit = IMPLICIT.get(kind, ())

    def _enter(self, kind: ScopeKind, number: int, index: int) -> Scope:
        outside = self.scope
        self.scope = Scope(kind, outside, index, number, ())
        outside.children.append(self.scope)
        self.result.scopes.append(self.scope)
        return self.scope

    def _leave(self, index: int) -> None:
        self.scope.end = index
        if self.scope.parent is not None:
            self.scope = self.scope.parent

    def _divide(self, number: int, index: int, opener: Tag, uses: Uses) -> None:
        if opener.name == "for":
            self._leave(index)
            self._enter(ScopeKind.FOR_ELSE, number, index)
            return
        if self.branches:
            self._end_branch(self.branches[-1])
            self.branches[-1].has_else = self.tags[index].name == "else"
        self._read(index, uses.reads)

    def _close(self, block: Block, index: int, opener: Tag) -> None:
        name = opener.name
        if name in _UNCERTAIN:
            self.conditions -= 1
        if name == "if" or name not in _KINDS:
            branches = self.branches.pop()
            self._end_branch(branches)
            for found, variable in branches.saved:
                if found not in self.scope.now:
                    self.scope.now[found] = variable
                    self.scope.trail.append(found)
            if branches.has_else and branches.common:
                self.scope.sure |= branches.common
                self.scope.sure_trail += branches.common
            return
        uses = uses_of(opener)
        if name in ("filter", "set"):
            self._read(block.opener, uses.inner_reads)
        self._leave(index)
        if name == "set":
            for bind in uses.binds:
                self._bind(block.opener, bind)

    def _end_branch(self, branches: _Branches) -> None:
        """Takes back what the branch has set, and keeps it for after the `if`."""
        scope = self.scope
        for name in scope.trail[branches.start :]:
            variable = scope.now.pop(name, None)
            if variable is not None:
                branches.saved.append((name, variable))
        del scope.trail[branches.start :]
        sure = scope.sure_trail[branches.sure_start :]
        branches.common = set(sure) if branches.common is None else branches.common.intersection(sure)
        if sure:
            scope.sure.difference_update(sure)
            del scope.sure_trail[branches.sure_start :]

    def _bind(self, index: int, bind: Bind) -> None:
        scope, name = self.scope, bind.name
        variable = scope.all.get(name)
        if variable is None:
            variable = scope.all[name] = Variable(name, scope)
            self.result.variables.append(variable)
        variable.binds.append((index, bind))
        if name not in scope.now:
            scope.now[name] = variable
            scope.trail.append(name)
        if name not in scope.sure:
            scope.sure.add(name)
            scope.sure_trail.append(name)
        if scope.kind is ScopeKind.FOR and bind.kind is BindKind.SET:
            self._note_lost(index, bind, variable)

    def _note_lost(self, index: int, bind: Bind, variable: Variable) -> None:
        assert self.scope.parent is not None
        for scope in self.scope.parent.around():
            outer = scope.now.get(bind.name)
            if outer is not None:
                self.result.lost.append(LostAssignment(index, bind, variable, outer, self.scope))
                return
            if scope.kind in (ScopeKind.MACRO, ScopeKind.BLOCK):
                return

    def _read(self, index: int, reads: list[Read]) -> None:
        for read in reads:
            variable = self.scope.now.get(read.name)
            if variable is not None and read.name in self.scope.sure:
                variable.reads.append((index, read))
            else:
                self._find(index, read)

    def _find(self, index: int, read: Read) -> None:
        name = read.name
        unsure: Unsure | None = None
        scope: Scope | None = self.scope
        while scope is not None:
            variable = scope.now.get(name)
            if variable is not None:
                if unsure is None:
                    variable.reads.append((index, read))
                else:
                    unsure.variables.append(variable)
                if name in scope.sure:
                    return
                if unsure is None:
                    unsure = Unsure(index, read, [variable])
                    self.result.unsure.append(unsure)
            if name in scope.implicit:
                return
            if scope.kind is ScopeKind.MACRO or (scope.kind is ScopeKind.BLOCK and not self._is_scoped(scope)):
                self.deferred.append((Free(index, read, scope), unsure))
                return
            scope = scope.parent
        if unsure is None:
            self.result.free.append(Free(index, read, self.scope))
        else:
            unsure.free = True

    def _is_scoped(self, scope: Scope) -> bool:
        # one whose tag cannot be read may be
        node = self.tags[scope.tag].node
        return node is None or getattr(node, "scoped", False) is True

    def _settle(self) -> None:
        """Looks up what macros and blocks read once all that may be set around them is known."""
        free = self.result.free
        for entry, unsure in self.deferred:
            variables, may_be_free = self._later(entry)
            if unsure is not None:
                unsure.variables += variables
                unsure.free = may_be_free
            elif variables:
                variables[0].reads.append((entry.tag, entry.read))
                if may_be_free or len(variables) > 1:
                    self.result.unsure.append(Unsure(entry.tag, entry.read, variables, may_be_free))
            elif may_be_free:
                free.append(entry)
        for doubt in self.result.unsure:
            for variable in doubt.variables:
                variable.shares = variable.shares or len(doubt.variables) > 1
        if self.deferred:
            free.sort(key=lambda entry: (entry.tag, entry.read.span))

    def _around_isolated(self, scope: Scope) -> Scope:
        """Where a block in `scope` that is not scoped looks on: a scoped one hands on what it sees."""
        for around in scope.around():
            if around.kind is ScopeKind.BLOCK and around.parent is not None and self._is_scoped(around):
                return around.parent
        return self.result.root

    def _later(self, entry: Free) -> tuple[list[Variable], bool]:
        """The variables that a name may mean, the nearest first, and whether it may be none of them."""
        name = entry.read.name
        scope = entry.scope
        found: list[Variable] = []
        while scope.parent is not None:
            isolated = scope.kind is ScopeKind.BLOCK and not self._is_scoped(scope)
            scope = self._around_isolated(scope.parent) if isolated else scope.parent
            variable = scope.all.get(name)
            if variable is not None:
                found.append(variable)
                if name in scope.sure:
                    return found, False
            elif name in scope.implicit:
                return found, False
        return found, True
