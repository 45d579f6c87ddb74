# SPDX-License-Identifier: Apache-2.0
"""Module loads under nothing, under IMA, under the measurer.

One virtual machine each, same kernel, same modules. Time is counted in guest
instructions (QEMU -icount), which repeats to 0.2 %; wall time under emulation
means nothing. The clock does not see the TPM work, only the driver waiting
for it, in steps of its own polling.

Twice: on a processor with the SHA instructions, which this system's QEMU may
not know and Debian 13's does, and on one without them.

The cost of hash and log alone: IMA without a TPM hashes and does not extend;
the measurer says itself how long it waited for the TPM, and that is taken off.
"""
import os
import re
import shutil
import statistics
import subprocess
import time

from clock import Broken
from table import Row

ROUNDS = 3
BANK = "sha256"
# As Debian builds them these need no other module, so one load is one load.
MODULES = """fs/fuse/fuse fs/overlayfs/overlay fs/squashfs/squashfs
fs/minix/minix fs/ufs/ufs fs/nls/nls_cp936 fs/nls/nls_utf8 fs/efs/efs fs/jfs/jfs
drivers/net/dummy drivers/net/veth drivers/net/tun drivers/block/nbd
drivers/block/loop drivers/md/dm-mod lib/crc7 crypto/serpent_generic
crypto/twofish_generic crypto/cast_common net/tipc/tipc
drivers/gpu/drm/drm""".split()
# On this kernel the fast SHA-256 is a module. It is there in all machines, as
# the kernel's own check of signatures uses it too.
BEFORE = ["arch/x86/crypto/sha256-ssse3"]
CONFIGS = {"none": ("none", True), "ima": ("ima", True),
           "ima-no-tpm": ("ima", False), "none-no-tpm": ("none", False),
           "credence": ("credence", True)}


def newer_qemu():
    """Debian 13's QEMU, run here by the loader and libraries it comes with."""
    subprocess.run(
        ["scripts/debian-13", "run", "sh", "-c",
         "command -v qemu-system-x86_64 || "
         "DEBIAN_FRONTEND=noninteractive apt-get -qq -y "
         "--no-install-recommends install qemu-system-x86 seabios"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    root = subprocess.run(["scripts/debian-13", "root"], check=True, text=True,
                          stdout=subprocess.PIPE).stdout.strip()
    return [root + "/lib64/ld-linux-x86-64.so.2", "--library-path",
            root + "/usr/lib/x86_64-linux-gnu",
            root + "/usr/bin/qemu-system-x86_64",
            "-L", root + "/usr/share/qemu", "-L", root + "/usr/share/seabios"]


# Name, command, and what the processor is told to have or not to have.
PROCESSORS = [("SHA instructions", newer_qemu, "max"),
              ("no SHA instructions", lambda: ["qemu-system-x86_64"],
               "max,-sha-ni")]


def default_words(policy):
    return "policy=%s rounds=%d" % (policy, ROUNDS)


class Rig:
    def __init__(self, out, qemu=("qemu-system-x86_64",), processor="max"):
        self.out, self.qemu, self.processor = out, list(qemu), processor
        shutil.rmtree(out, ignore_errors=True)
        os.makedirs(out + "/root/mod")
        os.makedirs(out + "/root/pre")
        done = subprocess.run(["scripts/vm", "kernel"], stdout=subprocess.PIPE,
                              check=True, text=True)
        self.release, self.kernel = done.stdout.split()[:2]

    def stock(self, name):
        """Path of a stock module that depends on no other; None otherwise."""
        path = "%s/lib/modules/%s/kernel/%s.ko" % (self.kernel, self.release,
                                                  name)
        if not os.path.exists(path):
            return None
        needs = subprocess.run(["/sbin/modinfo", "-F", "depends", path],
                               stdout=subprocess.PIPE, check=True, text=True)
        return None if needs.stdout.strip() else path

    def pack(self, build, modules=tuple(MODULES), init="modload"):
        for folder, names in (("pre", BEFORE), ("mod", modules)):
            for path in filter(None, map(self.stock, names)):
                shutil.copy(path, "%s/root/%s/" % (self.out, folder))
        if modules and len(os.listdir(self.out + "/root/mod")) < 10:
            raise Broken("fewer than 10 modules of linux-image-%s stand alone"
                         % self.release)
        shutil.copy(build + "/bench/" + init, self.out + "/root/init")
        shutil.copy(build + "/kmod/credence.ko", self.out + "/root/")
        subprocess.run("cd %s/root && find . | cpio -o -H newc --quiet "
                       "> ../initrd" % self.out, shell=True, check=True)

    def tpm(self):
        """A new TPM, serving on a socket until its client goes."""
        folder = self.out + "/tpm"
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(["scripts/vm", "tpm", folder, BANK], check=True,
                       stdout=subprocess.DEVNULL)
        socket = folder + "/sock"
        daemon = subprocess.Popen(
            ["swtpm", "socket", "--tpm2", "--tpmstate", "dir=" + folder,
             "--ctrl", "type=unixio,path=" + socket, "--terminate"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            if os.path.exists(socket):
                return daemon, [
                    "-chardev", "socket,id=c,path=" + socket, "-tpmdev",
                    "emulator,id=t,chardev=c", "-device", "tpm-crb,tpmdev=t"]
            time.sleep(0.05)
        daemon.kill()
        raise Broken("swtpm did not start")

    def boot(self, name, words=default_words):
        policy, with_tpm = CONFIGS[name]
        console = "%s/%s.console" % (self.out, name)
        daemon, args = self.tpm() if with_tpm else (None, [])
        base = "console=ttyS0 quiet loglevel=1 panic=-1 root=/dev/ram0"
        try:
            subprocess.run(
                ["timeout", "300"] + self.qemu +
                ["-machine", "q35", "-accel", "tcg,thread=single", "-icount",
                 "shift=0,sleep=off", "-cpu", self.processor, "-smp", "1",
                 "-m", "1024",
                 "-display", "none", "-nic", "none", "-no-reboot", "-kernel",
                 "%s/boot/vmlinuz-%s" % (self.kernel, self.release), "-initrd",
                 self.out + "/initrd", "-append", base + " " + words(policy),
                 "-serial", "file:" + console] + args,
                stdin=subprocess.DEVNULL)
        finally:
            if daemon:
                daemon.terminate()
                daemon.wait()
        return Run(name, console)


class Run:
    """What one machine printed (see modload.c)."""

    def __init__(self, name, console):
        with open(console, errors="replace") as f:
            text = f.read().replace("\r", "")
        if not re.search(r"^DONE \d", text, re.M):
            raise Broken("machine '%s' did not finish: %s" %
                         (name, " / ".join(text.strip().split("\n")[-3:])))
        self.us, self.size, self.own = {}, {}, {}
        for mod, size, us in re.findall(r"^MOD (\S+) (\d+) ([\d. ]+)$", text,
                                        re.M):
            self.us[mod] = [float(n) for n in us.split()]
            self.size[mod] = int(size)
        for mod, us in re.findall(r"^EXTEND (\S+) ([\d. ]+)$", text, re.M):
            self.own[mod] = [a - float(b) for a, b in
                             zip(self.us[mod], us.split())]
        burst = re.search(r"^BURST (\d+) ([\d. ]+)$", text, re.M)
        self.burst = [float(n) for n in burst[2].split()] if burst else []
        self.paths = {path: [float(n) for n in us.split()] for us, path in
                      re.findall(r"^PATH ([\d. ]+) = (.*)$", text, re.M)}
        records = re.search(r"^RECORDS (\d+)", text, re.M)
        self.records = int(records[1]) if records else 0
        self.status = dict(re.findall(r"^STATUS (\w+)=(.*)$", text, re.M))
        self.log = int(re.search(r"^LOG (\d+)", text, re.M)[1])
        self.ima = int(re.search(r"^IMA (\d+)", text, re.M)[1])


def check(runs, loads):
    """Did each machine measure what it should, and only that one?"""
    for name, run in runs.items():
        policy, _ = CONFIGS[name]
        if policy == "ima" and run.ima < loads:
            raise Broken("IMA measured %d of %d loads" % (run.ima, loads))
        if policy != "ima" and run.ima > 1:
            raise Broken("IMA measured in '%s'" % name)
        if (policy == "credence") != (run.log > 0):
            raise Broken("'%s' has a log of %d bytes" % (name, run.log))


def mean_of(figures):
    return {m: statistics.mean(v) for m, v in figures.items()}


def rows(build, say):
    out = []
    for name, qemu, processor in PROCESSORS:
        rig = Rig(os.path.abspath(build + "/bench/vm"), qemu(), processor)
        rig.pack(build)
        runs = {}
        for config in CONFIGS:
            say("module loads, %s: machine '%s'" % (name, config))
            runs[config] = rig.boot(config)
        check(runs, len(runs["none"].size) * ROUNDS)
        out += load_rows(name, runs)
    return out + memory_rows(runs["credence"])


def load_rows(processor, runs):
    size = runs["none"].size
    us = {name: mean_of(run.us) for name, run in runs.items()}
    own = mean_of(runs["credence"].own)

    def added(what, over):
        return {m: what[m] - us[over][m] for m in size}

    def row(what, a, b, **targets):
        """Over all loads together; the range over single modules is a note."""
        single = [a[m] / b[m] for m in size]
        return Row("%s (%s)" % (what, processor),
                   [sum(a.values()) / sum(b.values())],
                   note="over %d modules; single ones %.2f to %.2f, median "
                   "%.2f; a load on average %.2f ms to %.2f ms" %
                   (len(size), min(single), max(single),
                    statistics.median(single),
                    statistics.mean(a.values()) / 1e3,
                    statistics.mean(b.values()) / 1e3), **targets)

    hashed = added(us["ima-no-tpm"], "none-no-tpm")
    out = [row("module load, hash and log / IMA's hash and list",
               added(own, "none"), hashed, must=0.6, aim=0.35),
           row("module load, with the extend / IMA's total",
               added(us["credence"], "none"), added(us["ima"], "none"),
               must=1.0),
           row("module load, hash and log / without the measurer", own,
               us["none"], must=1.15, aim=1.10),
           row("module load, time with the measurer / without", us["credence"],
               us["none"]),
           row("module load, time with IMA / without", us["ima"], us["none"])]
    out[0].note += "; SHA-256 by %s" % runs["credence"].status.get(
        "sha256_driver", "?")
    return out


def memory_rows(run):
    """Kernel memory of the log against the bytes that it serves."""
    for key in ("log_memory", "memory"):
        if key in run.status:
            return [Row("kernel log, memory / bytes served",
                        [int(run.status[key]) / run.log], must=1.5,
                        note="%s bytes for a log of %d" %
                        (run.status[key], run.log))]
    raise Broken("the measurer's status has no log_memory= or memory=")
