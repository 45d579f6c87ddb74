// SPDX-License-Identifier: Apache-2.0
/*
 * The words by which bills of materials say what a thing is. How a text of
 * several words is read, bid_phrase.c knows.
 */
#include <string.h>

#include "bid_private.h"

#define BIT(class)	 (1u << CRD_CLASS_##class)
#define NONE		 CRD_KIND_PLATFORM, 0, 0, CRD_SEEN_NEVER, 0
#define SMBIOS(type)	 CRD_KIND_PLATFORM, CRD_PART_SMBIOS, type, CRD_SEEN, 0
#define TPM		 CRD_KIND_PLATFORM, CRD_PART_TPM, 0, CRD_SEEN, 0
#define DEVICE(classes)	 CRD_KIND_DEVICE, 0, 0, CRD_SEEN, classes
#define PERHAPS(classes) CRD_KIND_DEVICE, 0, 0, CRD_SEEN_PERHAPS, classes
#define UNSEEN(classes)	 CRD_KIND_DEVICE, 0, 0, CRD_SEEN_NEVER, classes
#define RADIO		 PERHAPS(BIT(WIRELESS))
#define RADIO_NET	 DEVICE(BIT(NETWORK) | BIT(WIRELESS))
#define MOBILE		 PERHAPS(BIT(NETWORK) | BIT(WIRELESS))

/*
 * PERHAPS: a disk on NVMe is a device of its own, one on SATA is not; USB
 * devices are seen if they are plugged in. UNSEEN: on no bus that is measured.
 */
static const struct crd_bid_word words[] = {
	{ "bios", SMBIOS(0) },
	{ "uefi", SMBIOS(0) },
	{ "uefifirmware", SMBIOS(0) },
	{ "systemfirmware", SMBIOS(0) },
	{ "system", SMBIOS(1) },
	{ "computer", SMBIOS(1) },
	{ "desktop", SMBIOS(1) },
	{ "laptop", SMBIOS(1) },
	{ "notebook", SMBIOS(1) },
	{ "server", SMBIOS(1) },
	{ "workstation", SMBIOS(1) },
	{ "board", SMBIOS(2) },
	{ "baseboard", SMBIOS(2) },
	{ "mainboard", SMBIOS(2) },
	{ "motherboard", SMBIOS(2) },
	{ "systemboard", SMBIOS(2) },
	{ "chassis", SMBIOS(3) },
	{ "case", SMBIOS(3) },
	{ "enclosure", SMBIOS(3) },
	{ "cpu", SMBIOS(4) },
	{ "processor", SMBIOS(4) },
	{ "memory", SMBIOS(17) },
	{ "memorymodule", SMBIOS(17) },
	{ "memorydevice", SMBIOS(17) },
	{ "dimm", SMBIOS(17) },
	{ "sodimm", SMBIOS(17) },
	{ "ram", SMBIOS(17) },
	{ "ddr*", SMBIOS(17) },
	{ "lpddr*", SMBIOS(17) },
	{ "tpm", TPM },
	{ "tpm2*", TPM },
	{ "dtpm", TPM },
	{ "ftpm", TPM },
	{ "trustedplatformmodule", TPM },
	{ "driver", CRD_KIND_DRIVER, 0, 0, CRD_SEEN, 0 },
	{ "devicedriver", CRD_KIND_DRIVER, 0, 0, CRD_SEEN, 0 },
	{ "kernelmodule", CRD_KIND_DRIVER, 0, 0, CRD_SEEN, 0 },
	{ "firmware", CRD_KIND_FIRMWARE, 0, 0, CRD_SEEN, 0 },
	{ "device", DEVICE(0) },
	{ "hardware", DEVICE(0) },
	{ "component", DEVICE(0) },
	{ "peripheral", DEVICE(0) },
	{ "part", DEVICE(0) },
	{ "pcidevice", DEVICE(0) },
	{ "usbdevice", PERHAPS(0) },
	{ "network", DEVICE(BIT(NETWORK)) },
	{ "networkadapter", DEVICE(BIT(NETWORK)) },
	{ "networkcard", DEVICE(BIT(NETWORK)) },
	{ "networkinterface", DEVICE(BIT(NETWORK)) },
	{ "networkcontroller", DEVICE(BIT(NETWORK)) },
	{ "networking", DEVICE(BIT(NETWORK)) },
	{ "10gbe", DEVICE(BIT(NETWORK)) },
	{ "25gbe", DEVICE(BIT(NETWORK)) },
	{ "5gbe", DEVICE(BIT(NETWORK)) },
	{ "25gethernet", DEVICE(BIT(NETWORK)) },
	{ "25gnic", DEVICE(BIT(NETWORK)) },
	{ "25glan", DEVICE(BIT(NETWORK)) },
	{ "ethernet", DEVICE(BIT(NETWORK)) },
	{ "ethernetcontroller", DEVICE(BIT(NETWORK)) },
	{ "lan", DEVICE(BIT(NETWORK)) },
	{ "nic", DEVICE(BIT(NETWORK)) },
	{ "wireless*", RADIO_NET },
	{ "wifi*", RADIO_NET },
	{ "wlan*", RADIO_NET },
	{ "80211*", RADIO_NET },
	{ "wirelesskeyboard",
	  PERHAPS(BIT(WIRELESS) | BIT(INPUT) | BIT(KEYBOARD)) },
	{ "wirelessmouse", PERHAPS(BIT(WIRELESS) | BIT(INPUT) | BIT(MOUSE)) },
	{ "wirelessdevice", RADIO },
	{ "accesspoint", RADIO_NET },
	{ "wimax", RADIO_NET },
	{ "wigig", RADIO_NET },
	{ "modem*", MOBILE },
	{ "wwan*", MOBILE },
	{ "mobilebroadband", MOBILE },
	{ "mobilenetwork", MOBILE },
	{ "cellular", MOBILE },
	{ "lte*", MOBILE },
	{ "gsm*", MOBILE },
	{ "umts*", MOBILE },
	{ "hspa*", MOBILE },
	{ "gprs*", MOBILE },
	{ "cdma*", MOBILE },
	{ "volte", MOBILE },
	{ "esim", MOBILE },
	{ "5gnr", MOBILE },
	{ "2g", MOBILE },
	{ "3g", MOBILE },
	{ "4g", MOBILE },
	{ "5g", MOBILE },
	{ "6g", MOBILE },
	{ "bluetooth*", RADIO },
	{ "zigbee*", RADIO },
	{ "zwave", RADIO },
	{ "nfc", RADIO },
	{ "nearfield", RADIO },
	{ "rfid", RADIO },
	{ "uwb", RADIO },
	{ "ultrawideband", RADIO },
	{ "lora", RADIO },
	{ "lorawan", RADIO },
	{ "nbiot", RADIO },
	{ "dect", RADIO },
	{ "radio*", RADIO },
	{ "cordless", RADIO },
	{ "antenna*", RADIO },
	{ "irda", RADIO },
	{ "infrared", RADIO },
	{ "gps", RADIO },
	{ "gnss", RADIO },
	{ "satellite", RADIO },
	{ "satellitereceiver", RADIO },
	/* as some say it elsewhere */
	{ "sansfil", RADIO_NET },
	{ "semfio", RADIO_NET },
	{ "senzafili", RADIO_NET },
	{ "drahtlos*", RADIO_NET },
	{ "funk*", RADIO_NET },
	{ "inalambric*", RADIO_NET },
	{ "draadloos", RADIO_NET },
	{ "storage", PERHAPS(BIT(STORAGE)) },
	{ "disk", PERHAPS(BIT(STORAGE)) },
	{ "drive", PERHAPS(BIT(STORAGE)) },
	{ "harddisk", PERHAPS(BIT(STORAGE)) },
	{ "harddrive", PERHAPS(BIT(STORAGE)) },
	{ "diskdrive", PERHAPS(BIT(STORAGE)) },
	{ "opticaldrive", PERHAPS(BIT(STORAGE)) },
	{ "solidstate", PERHAPS(BIT(STORAGE)) },
	{ "storagedevice", PERHAPS(BIT(STORAGE)) },
	{ "dvd", PERHAPS(BIT(STORAGE)) },
	{ "cdrom", PERHAPS(BIT(STORAGE)) },
	{ "emmc", PERHAPS(BIT(STORAGE)) },
	{ "sdcard", PERHAPS(BIT(STORAGE)) },
	{ "cardreader", PERHAPS(BIT(STORAGE)) },
	{ "hdd", PERHAPS(BIT(STORAGE)) },
	{ "ssd", PERHAPS(BIT(STORAGE)) },
	{ "nvme", DEVICE(BIT(STORAGE)) },
	{ "nvmessd", DEVICE(BIT(STORAGE)) },
	{ "storagecontroller", DEVICE(BIT(STORAGE)) },
	{ "raidcontroller", DEVICE(BIT(STORAGE)) },
	{ "raid", DEVICE(BIT(STORAGE)) },
	{ "hba", DEVICE(BIT(STORAGE)) },
	{ "diskcontroller", DEVICE(BIT(STORAGE)) },
	{ "usbstick", PERHAPS(BIT(STORAGE) | BIT(USB_STORAGE)) },
	{ "flashdrive", PERHAPS(BIT(STORAGE) | BIT(USB_STORAGE)) },
	{ "usbdrive", PERHAPS(BIT(STORAGE) | BIT(USB_STORAGE)) },
	{ "usbstorage", PERHAPS(BIT(STORAGE) | BIT(USB_STORAGE)) },
	{ "display", PERHAPS(BIT(DISPLAY)) },
	{ "displayadapter", DEVICE(BIT(DISPLAY)) },
	{ "graphics", DEVICE(BIT(DISPLAY)) },
	{ "graphicscard", DEVICE(BIT(DISPLAY)) },
	{ "gpu", DEVICE(BIT(DISPLAY)) },
	{ "vga", DEVICE(BIT(DISPLAY)) },
	{ "displaydevice", DEVICE(BIT(DISPLAY)) },
	{ "displaycontroller", DEVICE(BIT(DISPLAY)) },
	{ "videocard", DEVICE(BIT(DISPLAY)) },
	{ "monitor", UNSEEN(BIT(DISPLAY)) },
	{ "displayconnector", UNSEEN(BIT(DISPLAY)) },
	{ "audio", DEVICE(BIT(AUDIO)) },
	{ "audiocontroller", DEVICE(BIT(AUDIO)) },
	{ "soundcard", DEVICE(BIT(AUDIO)) },
	{ "sound", DEVICE(BIT(AUDIO)) },
	{ "microphone", PERHAPS(BIT(AUDIO)) },
	{ "headset", PERHAPS(BIT(AUDIO)) },
	{ "speaker", UNSEEN(BIT(AUDIO)) },
	{ "audiodevice", UNSEEN(BIT(AUDIO)) },
	{ "camera", PERHAPS(BIT(CAMERA)) },
	{ "webcam", PERHAPS(BIT(CAMERA)) },
	{ "videodevice", PERHAPS(BIT(CAMERA)) },
	{ "videocapture", PERHAPS(BIT(CAMERA)) },
	{ "imagesensor", PERHAPS(BIT(CAMERA)) },
	{ "input", PERHAPS(BIT(INPUT)) },
	{ "keyboard", PERHAPS(BIT(INPUT) | BIT(KEYBOARD)) },
	{ "mouse", PERHAPS(BIT(INPUT) | BIT(MOUSE)) },
	{ "trackpad", PERHAPS(BIT(INPUT) | BIT(MOUSE)) },
	{ "touchpad", PERHAPS(BIT(INPUT) | BIT(MOUSE)) },
	{ "touchscreen", PERHAPS(BIT(INPUT)) },
	{ "printer", PERHAPS(BIT(PRINTER)) },
	{ "smartcard", PERHAPS(BIT(SMARTCARD)) },
	{ "smartcardreader", PERHAPS(BIT(SMARTCARD)) },
	{ "serial", DEVICE(BIT(SERIAL)) },
	{ "serialport", DEVICE(BIT(SERIAL)) },
	{ "usbmodemorserialport",
	  PERHAPS(BIT(NETWORK) | BIT(WIRELESS) | BIT(SERIAL)) },
	{ "usbcommunicationdevice", PERHAPS(BIT(SERIAL)) },
	{ "crypto", DEVICE(BIT(CRYPTO)) },
	{ "encryption", DEVICE(BIT(CRYPTO)) },
	{ "encryptiondevice", DEVICE(BIT(CRYPTO)) },
	{ "hsm", DEVICE(BIT(CRYPTO)) },
	{ "accelerator", DEVICE(BIT(PROCESSOR)) },
	{ "coprocessor", DEVICE(BIT(PROCESSOR)) },
	{ "memorycontroller", DEVICE(BIT(MEMORY)) },
	{ "systemdevice", DEVICE(BIT(SYSTEM)) },
	{ "deviceofnostandardclass", DEVICE(BIT(VENDOR_SPECIFIC)) },
	{ "usbdeviceofnostandardclass", DEVICE(BIT(VENDOR_SPECIFIC)) },
	{ "usbaudioandvideodevice", PERHAPS(BIT(AUDIO) | BIT(CAMERA)) },
	{ "bridge", DEVICE(BIT(BRIDGE)) },
	{ "controller", DEVICE(BIT(CONTROLLER)) },
	{ "bus", DEVICE(BIT(CONTROLLER)) },
	{ "usbcontroller", DEVICE(BIT(CONTROLLER)) },
	{ "hub", PERHAPS(BIT(HUB)) },
	{ "battery", NONE },
	{ "cable", NONE },
	{ "networkcable", NONE },
	{ "ethernetcable", NONE },
	{ "lancable", NONE },
	{ "displaycable", NONE },
	{ "heatsink", NONE },
	{ "cooler", NONE },
	{ "fan", NONE },
	{ "power", NONE },
	{ "poweradapter", NONE },
	{ "powersupply", NONE },
	{ "psu", NONE },
	{ "sensor", NONE },
	{ "thermalzone", NONE },
	{ "operatingsystem", NONE },
	{ "os", NONE },
	{ "application", NONE },
	{ "archive", NONE },
	{ "container", NONE },
	{ "cryptographicasset", NONE },
	{ "data", NONE },
	{ "file", NONE },
	{ "framework", NONE },
	{ "install", NONE },
	{ "library", NONE },
	{ "machinelearningmodel", NONE },
	{ "platform", NONE },
	{ "software", NONE },
	{ "source", NONE },
};

const struct crd_bid_word *crd_bid_word_folded(const char *folded, size_t least)
{
	const struct crd_bid_word *begins = NULL;
	size_t i, len;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (*words[i].word != *folded)
			continue;
		len = strcspn(words[i].word, "*");
		if (strncmp(words[i].word, folded, len) != 0)
			continue;
		if (!folded[len])
			return &words[i];
		if (!begins && words[i].word[len] && len > least)
			begins = &words[i];
	}
	return begins;
}

const struct crd_bid_word *crd_bid_word(struct crd_buf text)
{
	char folded[64];

	if (!crd_bid_fold(text, folded, sizeof(folded)))
		return NULL;
	return crd_bid_word_folded(folded, sizeof(folded));
}

const struct crd_bid_word *crd_bid_word_smbios(uint8_t type)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (words[i].part == CRD_PART_SMBIOS &&
		    words[i].smbios_type == type)
			return &words[i];
	}
	return crd_bid_word(crd_buf_of("platform"));
}
