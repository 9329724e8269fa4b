#!/bin/sh
# further_runs.sh WORK [RUN...]: trains what the chapters compare beyond the notebooks' nine runs, on CIFAR-10, one run after the
# other, and puts the records of each (config.json, history.csv, metrics.json; no weights) into results/RUN/seedN. Without RUN:
# all of them. The first seed of each comes first. A run whose records are there is left alone, so that the command can be stopped
# and given again.
#   WORK     a folder for weights and checkpoints, which are not kept
#   CAIRN    the program (default: build/release/cairn)
#   THREADS  of each training (default 1: several of them may share a machine)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
program=${CAIRN:-$here/../../build/release/cairn}
unset OPENBLAS_CORETYPE OPENBLAS_L2_SIZE # these would choose other kernels than those of the machine
work=${1:?usage: further_runs.sh WORK [RUN...]}
shift
chosen=${*:-all}
mkdir -p "$work"
cd "$work"

# run NAME SEEDS MODEL OPTION...: trains with $seed, if it is one of the seeds and the results lack it.
run() {
    name=$1 seeds=$2
    shift 2
    case " $chosen " in *" $name "* | *" all "*) ;; *) return 0 ;; esac
    case " $seeds " in *" $seed "*) ;; *) return 0 ;; esac
    records=$here/results/$name/seed$seed
    [ -e "$records/metrics.json" ] && return 0
    "$program" train "$@" --seed "$seed" --threads "${THREADS:-1}" --no-report --out "$name/seed$seed"
    mkdir -p "$records"
    grep -v '"data_folder"' "$name/seed$seed/config.json" >"$records/config.json"
    cp "$name/seed$seed/history.csv" "$name/seed$seed/metrics.json" "$records/"
    rm -r "$name/seed$seed"
}

for seed in 1 2 3; do
    # Chapter 5: how strong a penalty? 0.001 is the run mlp-l2.
    run mlp-l2-0 "1 2 3" mlp-l2 --l2 0
    run mlp-l2-0.01 "1 2 3" mlp-l2 --l2 0.01
    run mlp-l2-0.0001 "1 2 3" mlp-l2 --l2 0.0001

    # Chapter 10: does augmentation help, after 10 and after 30 epochs? Without it, 10 epochs are the runs cnn-da-dropout and
    # simple-cnn.
    run cnn-da-dropout-augmented "1 2 3" cnn-da-dropout --augment
    run simple-cnn-augmented "1 2 3" simple-cnn --augment

    # Chapter 9: what does batch norm do at ten times the learning rate? 0.001 is the runs p2-original and p2-batchnorm.
    run p2-original-rate-0.01 1 original-cnn --learning-rate 0.01
    run p2-batchnorm-rate-0.01 1 original-cnn-bn --learning-rate 0.01

    # Chapter 11: what do skip connections change? Without them, the model is the run resnet.
    run resnet-skip "1 2 3" resnet-skip
    run plain-20 1 plain-20 --epochs 3
    run res-20 1 res-20 --epochs 3

    run cnn-da-dropout-30 "1 2 3" cnn-da-dropout --epochs 30
    run cnn-da-dropout-augmented-30 "1 2 3" cnn-da-dropout --augment --epochs 30
done
