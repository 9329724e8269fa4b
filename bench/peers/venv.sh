#!/bin/sh
# Installs the peers that cairn is compared with, each into a virtual environment of its own below build/venv/:
#
#   bench/peers/venv.sh keras    TensorFlow for the processor, with its Keras (1.5 GB on the disk)
#   bench/peers/venv.sh torch    a current PyTorch (6 GB: the package index has it with its GPU libraries only)
#   bench/peers/venv.sh jax      JAX for the processor (0.7 GB)
#
# Debian's own PyTorch needs nothing of this: apt-get install python3-torch.
set -eu

case ${1:-} in
    keras) packages='tensorflow-cpu==2.18.0 keras==3.15.1' module=tensorflow ;;
    torch) packages='torch==2.15.0 numpy' module=torch ;;
    jax) packages='jax==0.10.2' module=jax ;;
    *)
        sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
esac

root=$(cd "$(dirname "$0")/../.." && pwd)
folder=$root/build/venv/$1
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet $packages
"$folder/bin/python" -c "import $module; print('$module', $module.__version__, 'is ready')"
