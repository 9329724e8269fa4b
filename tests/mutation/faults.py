"""The table of faults: reading it, finding each fault's place in the sources, planting it there."""
import pathlib
import re
import tomllib

KINDS = ("expression", "statement")
REQUIRED = {"name", "file", "old", "new", "tests", "breaks"}
OPTIONAL = {"in", "kind", "equivalent"}
SHADER_TABLE = "cmake/shaders.cpp.in"
SHADER_LOOKUP = "std::span<const Shader> embedded_shaders() { return table; }"
# The variants lie in the table beside the shaders; the lookup puts the chosen one in the place of its shader.
SHADER_LOOKUP_WITH_FAULTS = """std::span<const Shader> embedded_shaders() {
    static const std::vector<Shader> chosen = [] {
        std::vector<Shader> shaders;
        for (const Shader& shader : table)
            if (shader.name.find("_fault") == std::string_view::npos) shaders.push_back(shader);
        const std::string end = "_fault" + std::to_string(chosen_fault);
        for (Shader& shader : shaders)
            for (const Shader& variant : table)
                if (variant.name == std::string(shader.name) + end)
                    shader.words = variant.words, shader.bytes = variant.bytes;
        return shaders;
    }();
    return chosen;
}"""


def number_of(name):
    """The hash of a fault's name, by which the mutated sources know it: FNV-1a, as in fault.h."""
    number = 2166136261
    for byte in name.encode():
        number = (number ^ byte) * 16777619 % 2**32
    return number


class Fault:
    def __init__(self, room, row):
        self.room, self.name, self.file = room, row["name"], row["file"]
        self.number = number_of(self.name)
        self.within, self.old, self.new = row.get("in"), row["old"], row["new"]
        self.kind = row.get("kind", "expression")
        self.tests, self.breaks, self.equivalent = row["tests"], row["breaks"], row.get("equivalent")
        self.begin = self.end = None  # of the old text in its file

    def is_in_shader(self):
        return self.file.endswith(".comp")

    def place_in_table(self):
        return self.file, self.begin, -self.end

    def choice(self, old):
        """What stands for the old text in the mutated copy."""
        if self.kind == "expression":
            return f"(::cairn::fault({self.number}u) ? ({self.new}) : ({old}))"
        return f"if (::cairn::fault({self.number}u)) {{ {self.new} }} else {{ {old} }}"


def read_table(folder):
    """Every row of folder/*.toml, and what is wrong with rows as a list of lines. A file is a room; what stands above
    its rows is the default of their fields."""
    faults, wrong, numbers = [], [], set()
    for path in sorted(folder.glob("*.toml")):
        try:
            table = tomllib.loads(path.read_text())
        except tomllib.TOMLDecodeError as error:
            wrong.append(f"{path.name}: {error}")
            continue
        default = {key: value for key, value in table.items() if key != "fault"}
        for i, row in enumerate(table.get("fault", []), start=1):
            row = default | row
            name = row.get("name", f"row {i}")
            where = f"{path.stem}/{name}"
            if missing := REQUIRED - row.keys():
                wrong.append(f"{where}: lacks {', '.join(sorted(missing))}")
            elif unknown := row.keys() - REQUIRED - OPTIONAL:
                wrong.append(f"{where}: does not know {', '.join(sorted(unknown))}")
            elif row.get("kind", KINDS[0]) not in KINDS:
                wrong.append(f"{where}: kind is {row['kind']}, not one of {', '.join(KINDS)}")
            elif not row["tests"]:
                wrong.append(f"{where}: names no test program")
            elif number_of(name) in numbers:
                wrong.append(f"{where}: another row has this name")
            else:
                faults.append(Fault(path.stem, row))
            numbers.add(number_of(name))
    return faults, wrong


def test_programs(root):
    """The names of the test programs, as tests/CMakeLists.txt makes them."""
    programs = set()
    for path in (root / "tests").rglob("*_test.cpp"):
        folder = path.parent.relative_to(root / "tests").as_posix()
        chapter = re.match(r"chapters/(\d+)", folder)
        programs.add(f"ch{chapter[1]}_test" if chapter else folder.replace("/", "_") + "_test")
    return programs


def occurrences(text, old):
    """The (begin, end) of old in text; any white space matches any other, so that lines may be broken elsewhere."""
    pattern = r"\s+".join(re.escape(word) for word in old.split())
    return [match.span() for match in re.finditer(pattern, text)] if pattern else []


def has_comma(text):
    """Whether a comma stands outside of all brackets and quotes: then the text is several arguments or elements."""
    depth = 0
    for part in re.findall(r'"(?:\\.|[^"\\])*"|.', text, re.DOTALL):
        depth += (part in "([{") - (part in ")]}")
        if part == "," and depth == 0:
            return True
    return False


def place(fault, text):
    """Sets the fault's place in its file; returns what is wrong, or None."""
    begin, end = 0, len(text)
    if fault.within is not None:
        found = occurrences(text, fault.within)
        if len(found) != 1:
            return f"the text of `in` stands {len(found)} times in {fault.file}, not once"
        begin, end = found[0]
    found = occurrences(text[begin:end], fault.old)
    if len(found) != 1:
        return f"the old text stands {len(found)} times in {fault.file}, not once"
    if fault.kind == "expression" and not fault.is_in_shader() and (has_comma(fault.old) or has_comma(fault.new)):
        return "the texts are not one expression each: a comma between two would leave the second alone"
    fault.begin, fault.end = begin + found[0][0], begin + found[0][1]
    return None


def place_all(faults, root):
    """Finds every fault in the sources at root; returns what is wrong, a line each."""
    wrong, texts = [], {}
    programs = test_programs(root)
    for fault in faults:
        for test in fault.tests:
            if test.split()[0] not in programs:
                wrong.append(f"{fault.room}/{fault.name}: there is no test program {test.split()[0]}")
        path = root / fault.file
        if not path.is_file():
            wrong.append(f"{fault.room}/{fault.name}: there is no file {fault.file}")
            continue
        text = texts.setdefault(fault.file, path.read_text())
        if problem := place(fault, text):
            wrong.append(f"{fault.room}/{fault.name}: {problem}")
    placed = sorted((f for f in faults if f.end is not None and not f.is_in_shader()), key=Fault.place_in_table)
    open_ones = []
    for fault in placed:
        open_ones = [f for f in open_ones if f.file == fault.file and f.end > fault.begin]
        if open_ones and fault.end > open_ones[-1].end:
            other = open_ones[-1]
            wrong.append(f"{fault.room}/{fault.name}: its text overlaps the end of {other.room}/{other.name}'s")
        open_ones.append(fault)
    return wrong


def planted(text, begin, end, faults):
    """text[begin:end] with the faults in it, which are sorted; one may contain others."""
    parts = []
    while faults:
        fault = faults[0]
        inner = [f for f in faults[1:] if f.begin < fault.end]
        parts += [text[begin:fault.begin], fault.choice(planted(text, fault.begin, fault.end, inner))]
        begin, faults = fault.end, faults[1 + len(inner):]
    return "".join(parts) + text[begin:end]


def plant_all(faults, root):
    """The text of every file that changes or comes new: {path: text}. The faults have been placed in the sources at root."""
    texts, of_file = {}, {}
    for fault in sorted(faults, key=Fault.place_in_table):
        if fault.is_in_shader():
            path = pathlib.PurePosixPath(fault.file)
            text = (root / path).read_text()
            variant = path.with_name(f"{path.stem}_fault{fault.number}.comp")
            texts[str(variant)] = text[:fault.begin] + fault.new + text[fault.end:]
        else:
            of_file.setdefault(fault.file, []).append(fault)
    for file, there in of_file.items():
        text = (root / file).read_text()
        texts[file] = planted(text, 0, len(text), there)
    if any(fault.is_in_shader() for fault in faults):
        text = (root / SHADER_TABLE).read_text()
        if SHADER_LOOKUP not in text:
            raise SystemExit(f"tests/mutation: {SHADER_TABLE} has no line `{SHADER_LOOKUP}`, where shaders are chosen")
        text = text.replace(SHADER_LOOKUP, SHADER_LOOKUP_WITH_FAULTS)
        texts[SHADER_TABLE] = "#include <string>\n#include <vector>\n" + text
    return texts
