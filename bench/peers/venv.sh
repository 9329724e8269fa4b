#!/bin/sh
# Installs the peers that cairn is compared with, each into a virtual environment of its own below build/venv/:
#
#   bench/peers/venv.sh keras    TensorFlow for the processor, with its Keras (1.5 GB on the disk)
#   bench/peers/venv.sh torch    a current PyTorch (6 GB: the package index has it with its GPU libraries only)
#
# Debian's own PyTorch needs nothing of this: apt-get install python3-torch.
set -eu

case ${1:-} in
    keras) packages='tensorflow-cpu==2.18.0 keras==3.15.1' ;;
    torch) packages='torch==2.15.0 numpy' ;;
    *)
        sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
esac

root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$root/build/venv/$1
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet $packages
"$folder/bin/python" - <<'END'
import importlib.util
name = "torch" if importlib.util.find_spec("torch") else "tensorflow"
print(name, __import__(name).__version__, "is ready")
END
