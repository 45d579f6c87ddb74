# SPDX-License-Identifier: Apache-2.0
"""`credence inventory` against lspci and lshw, in a virtual machine.

A server-like set of emulated devices, a stock kernel, every tool with the lists
of names it wants. Time is counted in guest instructions (QEMU -icount), so that
it repeats; the tools are unpacked from their packages, not installed.
"""
import os
import re
import shutil
import subprocess

from clock import Broken
from table import Row

OURS = "credence inventory --registry /registry"
TOOLS = ["true", "credence --help", OURS, OURS + " --format json", "lspci -vmm", "lspci -n",
         "lshw -json"]
PACKAGES = ["lshw", "pciutils", "libpci3", "pci.ids", "usb.ids", "hwdata"]
DEVICES = """nvme,serial=n0,drive=n0 virtio-blk-pci,drive=n1 qemu-xhci usb-tablet
usb-kbd e1000e virtio-net-pci virtio-rng-pci virtio-scsi-pci""".split()
PORTS = 8  # PCIe root ports; behind half of them a network card


class Rig:
    def __init__(self, out, build):
        self.out, self.root = out, out + "/root"
        shutil.rmtree(out, ignore_errors=True)
        for folder in ("usr/bin", "usr/share/misc", "tmp", "etc"):
            os.makedirs(os.path.join(self.root, folder))
        self.release, self.kernel = self.vm("kernel").split()[:2]
        packages = [self.vm("unpack", p).strip() for p in PACKAGES]
        for names in ("pci.ids", "usb.ids"):
            shutil.copy(self.find(packages, names),
                        self.root + "/usr/share/misc/" + names)
        shutil.copytree(packages[-1] + "/usr/share/hwdata",
                        self.root + "/usr/share/hwdata", symlinks=True)
        self.program(build + "/credence", packages)
        for tool in ("lspci", "lshw"):
            self.program(self.find(packages, tool), packages)
        self.program(shutil.which("true"), packages)
        shutil.copytree("policies/registry", self.root + "/registry")
        shutil.copy(build + "/bench/inventory", self.root + "/init")
        with open(self.root + "/tools", "w") as f:
            f.write("".join(t + "\n" for t in TOOLS))
        subprocess.run("cd %s && find . | cpio -o -H newc --quiet > ../initrd"
                       % self.root, shell=True, check=True)

    def vm(self, *args):
        return subprocess.run(["scripts/vm"] + list(args), check=True, text=True,
                              stdout=subprocess.PIPE).stdout

    def find(self, packages, name):
        for folder in packages:
            for at, _, files in os.walk(folder):
                path = os.path.join(at, name)
                if name in files and not os.path.islink(path) and \
                        "/doc/" not in path:
                    return path
        raise Broken("no file %s in its package" % name)

    def program(self, path, packages):
        """To /usr/bin, with its libraries where they belong."""
        shutil.copy(path, self.root + "/usr/bin/")
        dirs = ["%s/usr/lib/x86_64-linux-gnu" % p for p in packages]
        done = subprocess.run(["ldd", path], stdout=subprocess.PIPE, text=True,
                              env=dict(os.environ,
                                       LD_LIBRARY_PATH=":".join(dirs)))
        for lib in re.findall(r"(/\S+)", done.stdout):
            to = lib
            for package in packages:
                to = to.replace(package + "/", "/")
            os.makedirs(os.path.dirname(self.root + to), exist_ok=True)
            shutil.copy(lib, self.root + to)

    def devices(self):
        args = []
        for i in range(2):
            disk = "%s/disk%d" % (self.out, i)
            with open(disk, "wb") as f:
                f.truncate(16 << 20)
            args += ["-drive", "if=none,id=n%d,format=raw,file=%s" % (i, disk)]
        for device in DEVICES:
            args += ["-device", device]
        for i in range(PORTS):
            args += ["-device", "pcie-root-port,id=p%d,chassis=%d,slot=%d" %
                     (i, i + 1, i + 1)]
            if i % 2:
                args += ["-device", "virtio-net-pci,bus=p%d" % i]
        return args

    def boot(self):
        console = self.out + "/console"
        subprocess.run(
            ["timeout", "400", "qemu-system-x86_64", "-machine", "q35",
             "-accel", "tcg,thread=single", "-icount", "shift=0,sleep=off",
             "-cpu", "max", "-smp", "1", "-m", "1024", "-display", "none",
             "-nic", "none", "-no-reboot", "-kernel", "%s/boot/vmlinuz-%s" %
             (self.kernel, self.release), "-initrd", self.out + "/initrd",
             "-append", "console=ttyS0 quiet loglevel=1 panic=-1",
             "-serial", "file:" + console] + self.devices(),
            stdin=subprocess.DEVNULL)
        with open(console, errors="replace") as f:
            return f.read().replace("\r", "")


def times(text):
    """Nanoseconds, round by round, of each tool."""
    if not re.search(r"^DONE$", text, re.M):
        raise Broken("the machine did not finish: " +
                     " / ".join(text.strip().split("\n")[-3:]))
    found = {}
    for status, ns, tool in re.findall(r"^TOOL (-?\d+) ([\d ]+) = (.*)$", text,
                                       re.M):
        if status != "0":
            raise Broken("'%s' ended with %s" % (tool, status))
        found[tool] = [int(n) for n in ns.split()]
    return found


def rows(build, say):
    say("inventory: a machine that counts instructions")
    ns = times(Rig(os.path.abspath(build + "/bench/inventory-vm"),
                   build).boot())

    def row(what, ours, other, must, aim):
        ratios = [a / b for a, b in zip(ns[other], ns[ours])]
        return Row(what, ratios, must=must, aim=aim, more=True,
                   note="medians %.1f and %.1f million instructions; `true` "
                   "takes %.1f" % tuple(sorted(ns[t])[2] / 1e6 for t in
                                        (other, ours, "true")))

    return [row("lspci -vmm / credence inventory", OURS, "lspci -vmm", 3, 5),
            row("lshw -json / credence inventory --format json",
                OURS + " --format json", "lshw -json", 50, 100)]
