// SPDX-License-Identifier: Apache-2.0
/* bid - bills of materials of every format: what is refused, what is read. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "bid_text.h"
#include "said.h"
#include "small_registry.h"

static const struct bad {
	const char *name, *text;
	enum crd_bid_format format;
	int ret;
	const char *error; /* is in the message */
	unsigned int line; /* 0: any */
} bads[] = {
	{ "nothing", "", 0, -EBADMSG, "empty", 0 },
	{ "blanks", " \n\n ", 0, -EBADMSG, "empty", 0 },
	{ "a mark and nothing", "\xef\xbb\xbf", 0, -EBADMSG, "empty", 0 },
	{ "UTF-16", "\xff\xfem\0o\0", 0, -EOPNOTSUPP, "UTF-16", 0 },
	{ "a spreadsheet", "PK\x03\x04xlsx", 0, -EOPNOTSUPP, "save the sheet",
	  0 },
	{ "XML", "<?xml version=\"1.0\"?>", 0, -EOPNOTSUPP, "JSON", 0 },
	{ "tags", "SPDXVersion: SPDX-2.3\n", 0, -EOPNOTSUPP, "JSON", 0 },
	{ "PDF", "%PDF-1.7", 0, -EOPNOTSUPP, "PDF", 0 },
	{ "JSON cut short", "{\n\"bomFormat\": ", 0, -EBADMSG, "JSON", 2 },
	{ "JSON, an array", "[]", 0, -EBADMSG, "not an object", 1 },
	{ "JSON of another kind", "{ \"a\": 1 }", 0, -EBADMSG, "just one", 1 },
	{ "two formats in one",
	  "{ \"bomFormat\": \"CycloneDX\", \"spdxVersion\": \"SPDX-2.3\" }", 0,
	  -EBADMSG, "just one", 1 },
	{ "a key that stands twice",
	  "{ \"bomFormat\": \"CycloneDX\",\n \"bomFormat\": \"CycloneDX\" }", 0,
	  -EBADMSG, "duplicate", 2 },
	{ "a key twice, deep inside",
	  CDX("{ \"type\": \"device\", \"name\": \"a\",\n \"name\": \"b\" }"),
	  0, -EBADMSG, "duplicate", 2 },
	{ "text after the end", CDX(THING) "x", 0, -EBADMSG, "JSON", 1 },
	{ "NUL in a text",
	  CDX("{ \"type\": \"device\", \"name\": \"a\\u0000b\" }"), 0, -EBADMSG,
	  "JSON", 1 },
	{ "not UTF-8", CDX("{ \"type\": \"device\", \"name\": \"\xc3\" }"), 0,
	  -EBADMSG, "JSON", 0 },
	{ "half a surrogate",
	  CDX("{ \"type\": \"device\", \"name\": \"\\ud800\" }"), 0, -EBADMSG,
	  "JSON", 1 },

	{ "CycloneDX 1.3",
	  "{ \"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.3\" }", 0,
	  -EOPNOTSUPP, "1.3", 0 },
	{ "CycloneDX without version", "{ \"bomFormat\": \"CycloneDX\" }", 0,
	  -EOPNOTSUPP, "specVersion", 0 },
	{ "a version that is a number",
	  "{ \"bomFormat\": \"CycloneDX\", \"specVersion\": 1.6 }", 0, -EBADMSG,
	  "specVersion: not a text", 0 },
	{ "no CycloneDX",
	  "{ \"bomFormat\": \"Cyclone\", \"specVersion\": \"1.6\" }", 0,
	  -EBADMSG, "bomFormat", 0 },
	{ "forced to what it is not", SPDX(PACKAGE), CRD_BID_CYCLONEDX,
	  -EBADMSG, "bomFormat", 0 },
	{ "nothing in it",
	  "{ \"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\" }", 0,
	  -EBADMSG, "lists no component", 0 },
	{ "components no array",
	  "{ \"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"components\": {} }",
	  0, -EBADMSG, "components: not an array", 0 },
	{ "a component no object", CDX("1"), 0, -EBADMSG,
	  "components[0]: not an object", 0 },
	{ "no type", CDX("{ \"name\": \"a\" }"), 0, -EBADMSG,
	  "components[0]: has no type", 0 },
	{ "no name", CDX("{ \"type\": \"device\" }"), 0, -EBADMSG,
	  "has no name", 0 },
	{ "a blank name", CDX("{ \"type\": \"device\", \"name\": \" \" }"), 0,
	  -EBADMSG, "has no name", 0 },
	{ "a name no text", CDX("{ \"type\": \"device\", \"name\": [] }"), 0,
	  -EBADMSG, "components[0].name: not a text", 0 },
	{ "a maker no object",
	  CDX("{ \"type\": \"device\", \"name\": \"a\", \"supplier\": \"b\" }"),
	  0, -EBADMSG, "components[0].supplier: not an object", 0 },
	{ "deep inside, with its place",
	  CDX(THING
	      ", { \"type\": \"device\", \"name\": \"b\", \"components\": [ { \"type\": \"device\" } ] }"),
	  0, -EBADMSG, "components[1].components[0]: has no name", 0 },
	{ "a hash too short",
	  CDX("{ \"type\": \"firmware\", \"name\": \"a\", \"hashes\": [ { \"alg\": \"SHA-256\", \"content\": \"00\" } ] }"),
	  0, -EBADMSG, "components[0].hashes[0]: a sha256 hash", 0 },
	{ "two hashes in one name",
	  CDX("{ \"type\": \"firmware\", \"name\": \"a\", \"hashes\": [ { \"alg\": \"SHA-256\", \"content\": \"" ZEROS
	      "\" }, { \"alg\": \"SHA-256\", \"content\": \"" ONES "\" } ] }"),
	  0, -EBADMSG, "given twice", 0 },
	{ "two vendors in one",
	  CDX(PCI("\"8086\"",
		  "{ \"name\": \"acme:vendor-id\", \"value\": \"19e5\" }, ")),
	  0, -EBADMSG, "vendor id is given twice", 0 },
	{ "on two buses",
	  CDX(PCI("\"8086\"", "{ \"name\": \"bus\", \"value\": \"USB\" }, ")),
	  0, -EBADMSG, "pci and usb", 0 },
	{ "no whole number",
	  CDX("{ \"type\": \"device\", \"name\": \"a\", \"properties\": [ { \"name\": \"cdx:device:quantity\", \"value\": \"1.5\" } ] }"),
	  0, -EBADMSG, "quantity", 0 },
	{ "none of it",
	  CDX("{ \"type\": \"device\", \"name\": \"a\", \"properties\": [ { \"name\": \"quantity\", \"value\": \"0\" } ] }"),
	  0, -EBADMSG, "quantity is 0", 0 },
	{ "too many of it",
	  CDX("{ \"type\": \"device\", \"name\": \"a\", \"properties\": [ { \"name\": \"quantity\", \"value\": \"1025\" } ] }"),
	  0, -E2BIG, "over 1024", 0 },

	{ "SPDX 3", "{ \"spdxVersion\": \"SPDX-3.0\" }", 0, -EOPNOTSUPP,
	  "spdxVersion", 0 },
	{ "SPDX without packages", "{ \"spdxVersion\": \"SPDX-2.3\" }", 0,
	  -EBADMSG, "lists no component", 0 },
	{ "a package without name", SPDX("{ \"SPDXID\": \"SPDXRef-a\" }"), 0,
	  -EBADMSG, "packages[0]: has no name", 0 },
	{ "an id of six digits",
	  SPDX("{ \"name\": \"a\", \"externalRefs\": [ { \"referenceType\": \"pci\", \"referenceLocator\": \"808600:1\" } ] }"),
	  0, -EBADMSG, "packages[0].externalRefs[0]: the vendor id", 0 },

	{ "paccor with a class that is none",
	  PACCOR("{ \"COMPONENTCLASS\": { \"COMPONENTCLASSREGISTRY\": \"2.23.133.18.3.4\", \"COMPONENTCLASSVALUE\": \"0002\" }, \"MANUFACTURER\": \"8086\", \"MODEL\": \"1\" }"),
	  0, -EBADMSG, "COMPONENTS[0]: the class", 0 },
	{ "paccor, a PCI vendor that is a text",
	  PACCOR("{ \"COMPONENTCLASS\": { \"COMPONENTCLASSREGISTRY\": \"2.23.133.18.3.4\", \"COMPONENTCLASSVALUE\": \"00020000\" }, \"MANUFACTURER\": \"Intel\", \"MODEL\": \"1\" }"),
	  0, -EBADMSG, "vendor id 'Intel'", 0 },
	{ "paccor, of no name",
	  PACCOR("{ \"MANUFACTURER\": \" \", \"MODEL\": \"Not Specified\" }"),
	  0, -EBADMSG, "neither what it is called nor who makes it", 0 },
	{ "paccor, two makers in two spellings",
	  PACCOR("{ \"MANUFACTURER\": \"A\", \"manufacturer\": \"B\" }"), 0,
	  -EBADMSG, "manufacturer is given twice", 0 },

	{ "a letter", "Dear Sir,\nthis is our offer.\n", 0, -EBADMSG,
	  "no header", 1 },
	{ "a header alone", "model;manufacturer\n", 0, -EBADMSG,
	  "lists no component", 0 },
	{ "a control character", "model;manufacturer\na;b\nc\x01;d\n", 0,
	  -EBADMSG, "control character, 0x01", 3 },
	{ "Windows-1252", "model;manufacturer\nKamera f\xfcr;b\n", 0, -EBADMSG,
	  "CSV UTF-8", 2 },
	{ "a quote not closed", "model;manufacturer\na;b\n\"c;d\n", 0, -EBADMSG,
	  "quote is not closed", 3 },
	{ "text after a quote", "model;manufacturer\n\"a\"b;c\n", 0, -EBADMSG,
	  "after a closing quote", 2 },
	{ "a quote inside", "model;manufacturer\na\"b;c\n", 0, -EBADMSG,
	  "quote inside", 2 },
	{ "more fields than columns", "model;manufacturer\na;b;c\n", 0,
	  -EBADMSG, "more fields", 2 },
	{ "a column twice", "model;manufacturer;model\na;b;c\n", 0, -EBADMSG,
	  "two columns", 1 },
	{ "two names for one thing", "model;name;manufacturer\na;b;c\n", 0,
	  -EBADMSG, "name is given twice", 2 },
	{ "an id spoilt by the spreadsheet",
	  "model;bus;vendor_id\na;pci;1,00E+06\n", 0, -EBADMSG,
	  "'1,00E+06' is not 1 to 4 hexadecimal", 2 },
	{ "an id without a bus", "model;vendor_id\na;8086\n", 0, -EBADMSG,
	  "no bus", 2 },
	{ "an id that is none", "model;pci_id\na;8086\n", 0, -EBADMSG,
	  "'8086' is not vendor:device", 2 },
	{ "nobody and nothing", "model;manufacturer;serial\n;;S1\n", 0,
	  -EBADMSG, "neither what it is called nor", 2 },
};

static void test_bad(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		const struct bad *b = &bads[i];
		/* those with a NUL inside are the longest */
		size_t len = strstr(b->name, "UTF-16") ? 6 : strlen(b->text);
		struct crd_bid *bid = NULL;
		struct crd_error err = { .text = "" };
		int ret = crd_bid_read((struct crd_buf){ (uint8_t *)b->text,
							 len },
				       b->format, &bid, &err);

		if (ret != b->ret || !strstr(err.text, b->error) ||
		    (b->line && err.line != b->line))
			fail_msg("%s: %d, line %u, %s", b->name, ret, err.line,
				 err.text);
		assert_null(bid);
	}
}

/* All that a bill says, a line for each part. */
static char *lines_of(const struct crd_bid *bid)
{
	static char all[65536];
	size_t i, n = 0;

	all[0] = '\0';
	for (i = 0; i < bid->inventory.n_entries; i++) {
		const struct crd_entry *e = &bid->inventory.entries[i];

		n += (size_t)snprintf(all + n, sizeof(all) - n, "%s: %s\n",
				      bid->places[e->recnum],
				      said_line(&bid->inventory, e));
	}
	return all;
}

static const struct good {
	const char *name, *text;
	enum crd_bid_format format;
	const char *said, *left_out;
	const char *lines;
} goods[] = {
	{ "CycloneDX, least of all", CDX(THING), 0, "CycloneDX 1.6, JSON", NULL,
	  "components[0]: 11 device=a product=a word=device measured=0 says=1\n" },
	{ "with a byte order mark", "\xef\xbb\xbf" CDX(THING),
	  CRD_BID_CYCLONEDX, "CycloneDX 1.6, JSON", NULL,
	  "components[0]: 11 device=a product=a word=device measured=0 says=1\n" },
	{ "CycloneDX of a machine",
	  "{ \"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.4\", \"metadata\": { \"supplier\": { \"name\": \"Shop\" }, \"manufacture\": { \"name\": \"Acme\" }, \"component\": { \"type\": \"device\", \"name\": \"T100\", \"version\": \"2\", \"components\": [ " THING
	  " ] } } }",
	  0, "CycloneDX 1.4, JSON", NULL,
	  "metadata.component: 15 version=2 maker=Acme product=T100 part=1 type=1 word=system supplier=Shop measured=0\n"
	  "metadata.component.components[0]: 11 device=a product=a word=device measured=0 says=1\n" },
	{ "CycloneDX, a PCI device as cdx-hbom writes it",
	  CDX("{ \"type\": \"device\", \"name\": \"Ethernet I210\", \"version\": \"0000:03:00.0\", \"manufacturer\": { \"name\": \"Intel Corporation\" }, \"properties\": ["
	      " { \"name\": \"cdx:hbom:hardwareClass\", \"value\": \"pci-device\" },"
	      " { \"name\": \"cdx:hbom:pciClassCode\", \"value\": \"0200\" },"
	      " { \"name\": \"cdx:hbom:vendorId\", \"value\": \"0x8086\" },"
	      " { \"name\": \"cdx:hbom:productId\", \"value\": \"1533\" },"
	      " { \"name\": \"cdx:hbom:subsystemVendorId\", \"value\": \"103c\" },"
	      " { \"name\": \"cdx:hbom:revision\", \"value\": \"03\" },"
	      " { \"name\": \"cdx:hbom:driver\", \"value\": \"igb\" } ] }"),
	  0, NULL, NULL,
	  "components[0]: 11 version=0000:03:00.0 device=Ethernet I210 bus=pci vendor=8086 id=1533 subvendor=103c class=20000 rev=3 maker=Intel Corporation product=Ethernet I210 word=device measured=0 says=1\n" },
	{ "CycloneDX, a class code of two bytes, marked as hexadecimal",
	  CDX("{ \"type\": \"device\", \"name\": \"a\", \"properties\": [ { \"name\": \"pci:class_code\", \"value\": \"0x0280\" } ] }"),
	  0, NULL, NULL,
	  "components[0]: 11 device=a bus=pci class=28000 product=a word=device measured=0 says=1\n" },
	{ "CycloneDX, how many",
	  CDX("{ \"type\": \"device\", \"name\": \"D\", \"properties\": [ { \"name\": \"cdx:device:quantity\", \"value\": \"2\" }, { \"name\": \"cdx:device:deviceType\", \"value\": \"DIMM\" }, { \"name\": \"cdx:device:serialNumber\", \"value\": \"S\" } ] }"),
	  0, NULL, NULL,
	  "components[0]: 15 product=D serial=S part=1 type=11 word=DIMM measured=0\n"
	  "components[0]: 15 product=D serial=S part=1 type=11 word=DIMM measured=0\n" },
	{ "CycloneDX, software and firmware",
	  CDX("{ \"type\": \"device-driver\", \"name\": \"ice\", \"version\": \"1.2\", \"publisher\": \"Intel\", \"licenses\": [ { \"license\": { \"id\": \"GPL-2.0-only\" } } ], \"hashes\": [ { \"alg\": \"SHA-1\", \"content\": \"x\" }, { \"alg\": \"SHA-256\", \"content\": \"" ZEROS
	      "\" } ] }, { \"type\": \"firmware\", \"name\": \"BIOS\", \"version\": \"F.1\" }, { \"type\": \"firmware\", \"name\": \"ice.pkg\" }, { \"type\": \"operating-system\", \"name\": \"Debian\", \"version\": \"12\", \"cpe\": \"cpe:2.3:o:debian:debian_linux:12:*:*:*:*:*:*:*\" }, { \"type\": \"hologram\", \"name\": \"h\", \"purl\": \"pkg:generic/x/h@3?a=b\" }"),
	  0, NULL, NULL,
	  "components[0]: 3 name=ice digest=33 author=Intel license=GPL-2.0-only version=1.2 word=device-driver measured=0\n"
	  "components[1]: 15 version=F.1 product=BIOS part=1 type=0 word=BIOS measured=0\n"
	  "components[2]: 5 name=ice.pkg word=firmware measured=0\n"
	  "components[3]: 15 name=Debian version=12 maker=debian product=Debian part=0 word=operating-system measured=2\n"
	  "components[4]: 11 version=3 device=h product=h word=hologram measured=1 says=0\n" },
	{ "hostile letters",
	  CDX("{ \"type\": \"device\", \"name\": \"a\\u202eb\\nc\" }"), 0, NULL,
	  NULL,
	  "components[0]: 11 device=a\xe2\x80\xae"
	  "b\\x0ac product=a\xe2\x80\xae"
	  "b\\x0ac word=device measured=0 says=1\n" },

	{ "SPDX",
	  SPDX("{ \"name\": \"X710\", \"primaryPackagePurpose\": \"DEVICE\", \"supplier\": \"Organization: Shop (a@b)\", \"originator\": \"Organization: Intel (R) ()\", \"description\": \"Network card\", \"externalRefs\": [ { \"referenceType\": \"pci\", \"referenceLocator\": \"8086:1572\" } ] },"
	       "{ \"name\": \"os\", \"primaryPackagePurpose\": \"OPERATING_SYSTEM\", \"supplier\": \"NOASSERTION\", \"versionInfo\": \"12\" },"
	       "{ \"name\": \"tar\", \"primaryPackagePurpose\": \"ARCHIVE\", \"licenseDeclared\": \"NOASSERTION\", \"checksums\": [ { \"algorithm\": \"SHA384\", \"checksumValue\": \"" ZEROS
	       "00000000000000000000000000000000\" } ] }"),
	  0, "SPDX 2.3, JSON", "1 files, which are pieces of packages",
	  "packages[0]: 11 device=X710 bus=pci vendor=8086 id=1572 maker=Intel (R) product=X710 word=Network card supplier=Shop classes=2 measured=0\n"
	  "packages[1]: 15 name=os version=12 product=os part=0 word=OPERATING_SYSTEM measured=2\n"
	  "packages[2]: 15 name=tar digest=49 product=tar part=0 word=ARCHIVE measured=2\n" },

	{ "paccor as its scripts write it",
	  "{ \"PLATFORM\": { \"PLATFORMMANUFACTURERSTR\": \"Acme\", \"PLATFORMMODEL\": \"T100\", \"PLATFORMVERSION\": \"Not Specified\", \"PLATFORMSERIAL\": \"1\" }, \"COMPONENTS\": [" SMBIOS_PART(
		  "0000830F", "Acme", "1.2.16",
		  "0102") "," SMBIOS_PART("00010000", "Acme", "T100",
					  "") "," SMBIOS_PART("0003000A",
							      "Acme", "0A",
							      "") "," SMBIOS_PART("00040003",
										  "Intel(R) Corporation",
										  "C6",
										  "Intel(R) Core(TM) i7") "," SMBIOS_PART("002B0000",
															  "53544D20",
															  "0200",
															  "01") "," SMBIOS_PART("00270000",
																		"Delta",
																		"P1",
																		"") ","
																		    "{ \"COMPONENTCLASS\": { \"COMPONENTCLASSREGISTRY\": \"2.23.133.18.3.4\", \"COMPONENTCLASSVALUE\": \"00020000\" }, \"MANUFACTURER\": \"8086:1028:\", \"MODEL\": \"0D4E:09A1:\", \"SERIAL\": \":V7\", \"REVISION\": \"06\", \"ADDRESSES\": [ { \"ETHERNETMAC\": \"CC483A4BEB00\" } ] },"
																		    "{ \"COMPONENTCLASS\": { \"COMPONENTCLASSREGISTRY\": \"2.23.133.18.3.5\", \"COMPONENTCLASSVALUE\": \"02010802\" }, \"MANUFACTURER\": \"1179:1179:8CE38E\", \"MODEL\": \"KXG6\", \"SERIAL\": \"0:SN1:nqn\" },"
																		    "{ \"COMPONENTCLASS\": { \"COMPONENTCLASSREGISTRY\": \"2.23.133.18.3.1\", \"COMPONENTCLASSVALUE\": \"00090002\" }, \"MANUFACTURER\": \"Intel\", \"MODEL\": \"8260\", \"ADDRESSES\": [ { \"WLANMAC\": \"a4\" } ] },"
																		    "{ \"MANUFACTURER\": \"Old\", \"MODEL\": \"x\", \"STATUS\": \"REMOVED\" } ] }",
	  0, "paccor component list, JSON", NULL,
	  "PLATFORM: 15 maker=Acme product=T100 serial=1 part=1 type=1 word=system measured=0\n"
	  "COMPONENTS[0]: 15 version=1.2.16 maker=Acme product=1.2.16 part=1 type=0 word=0000830F measured=0\n"
	  "COMPONENTS[2]: 15 maker=Acme part=1 type=3 word=0003000A measured=0\n"
	  "COMPONENTS[3]: 15 maker=Intel(R) Corporation product=Intel(R) Core(TM) i7 part=1 type=4 word=00040003 measured=0\n"
	  "COMPONENTS[4]: 15 version=01 maker=53544D20 part=6 word=002B0000 measured=0\n"
	  "COMPONENTS[5]: 15 name=P1 maker=Delta product=P1 part=0 word=00270000 measured=2\n"
	  "COMPONENTS[6]: 11 device=8086:0d4e bus=pci vendor=8086 id=d4e subvendor=1028 subid=9a1 class=20000 rev=6 product=8086:0d4e serial=V7 word=00020000 measured=0 says=1\n"
	  "COMPONENTS[7]: 11 device=KXG6 bus=pci vendor=1179 subvendor=1179 class=10802 product=KXG6 serial=SN1 word=02010802 classes=1 measured=0\n"
	  "COMPONENTS[8]: 11 device=8260 maker=Intel product=8260 word=00090002 classes=6 measured=0\n" },
	{ "paccor with traits",
	  "{ \"PLATFORM\": { \"TRAITS\": [ { \"traitCategory\": \"2.23.133.19.2.1\", \"utf8\": \"Acme\" }, { \"traitCategory\": \"2.23.133.19.2.2\", \"utf8\": \"T200\" } ] }, \"COMPONENTS\": ["
	  "{ \"TRAITS\": [ { \"COMPONENTIDENTIFIERV11\": { \"COMPONENTCLASS\": { \"COMPONENTCLASSREGISTRY\": \"2.23.133.18.3.4\", \"COMPONENTCLASSVALUE\": \"00028000\" }, \"MANUFACTURER\": \"8086:8086:\", \"MODEL\": \"51F0:0094:\" } } ] },"
	  "{ \"TRAITS\": [ { \"TRAITREGISTRY\": \"2.23.133.18.3.5\", \"COMPONENTCLASS\": \"00000003\" }, { \"traitCategory\": \"2.23.133.19.2.9\", \"UTF8\": \"HDD1\" } ] },"
	  "[ { \"traitId\": \"2.23.133.19.1.4\", \"traitCategory\": \"2.23.133.19.2.7\", \"traitRegistry\": \"2.23.133.18.3.5\", \"traitValue\": { \"base64\": \"AgEIAg==\" } }, { \"traitCategory\": \"2.23.133.19.2.9\", \"traitValue\": \"KX\" } ],"
	  "[ { \"traitId\": \"2.23.133.19.1.5\", \"traitCategory\": \"2.23.133.19.2.26\", \"traitValue\": { \"componentClass\": { \"componentClassRegistry\": \"2.23.133.18.3.3\", \"componentClassValue\": { \"base64\": \"AAEAAA==\" } }, \"componentManufacturer\": \"Other\", \"componentModel\": \"T200\" } } ] ] }",
	  0, NULL, NULL,
	  "PLATFORM: 15 maker=Acme product=T200 part=1 type=1 word=system measured=0\n"
	  "COMPONENTS[0]: 11 device=8086:51f0 bus=pci vendor=8086 id=51f0 subvendor=8086 subid=94 class=28000 product=8086:51f0 word=00028000 measured=0 says=1\n"
	  "COMPONENTS[1]: 11 device=HDD1 product=HDD1 word=00000003 classes=1 measured=1\n"
	  "COMPONENTS[2]: 11 device=KX bus=pci class=10802 product=KX word=AgEIAg== classes=1 measured=0\n"
	  "COMPONENTS[3]: 15 maker=Other product=T200 part=1 type=1 word=AAEAAA== measured=0\n" },

	{ "paccor: addresses of what has no class, or one that tells",
	  PACCOR("{ \"MODEL\": \"W\", \"ADDRESSES\": [ { \"WLANMAC\": \"a4\" } ] },"
		 "{ \"MODEL\": \"E\", \"ADDRESSES\": [ { \"ETHERNETMAC\": \"a4\" } ] },"
		 "{ \"COMPONENTCLASS\": { \"COMPONENTCLASSREGISTRY\": \"2.23.133.18.3.3\", \"COMPONENTCLASSVALUE\": \"00110000\" }, \"MODEL\": \"M\", \"ADDRESSES\": [ { \"WLANMAC\": \"a4\" } ] }"),
	  0, NULL, NULL,
	  "COMPONENTS[0]: 11 device=W product=W classes=6 measured=0\n"
	  "COMPONENTS[1]: 11 device=E product=E classes=2 measured=0\n"
	  "COMPONENTS[2]: 15 product=M part=1 type=11 word=00110000 measured=0\n" },
	{ "paccor with everything wrapped",
	  PACCOR("{ \"componentIdentifierV11\": { \"traitId\": { \"oid\": \"2.23.133.19.1.5\" }, \"traitValue\": { \"componentClass\": { \"componentClassRegistry\": { \"oid\": \"2.23.133.18.3.4\" }, \"componentClassValue\": { \"base64\": \"AAIAAA==\" } }, \"componentManufacturer\": { \"string\": \"8086:1028:\" }, \"componentModel\": { \"string\": \"0D4E:09A1:\" } } } },"
		 "{ \"COMPONENTCLASS\": { \"COMPONENTCLASSREGISTRY\": \"2.23.133.18.3.1\", \"COMPONENTCLASSVALUE\": \"00060001\" }, \"MANUFACTURER\": \"Not Specified\" },"
		 "{ \"MODEL\": \"W\", \"componentAddresses\": [ { \"addressType\": { \"oid\": \"2.23.133.17.2\" } } ], \"COMPONENTCLASS\": { \"COMPONENTCLASSREGISTRY\": \"2.23.133.18.3.1\", \"COMPONENTCLASSVALUE\": \"00990001\" } }"),
	  0, NULL, NULL,
	  "COMPONENTS[0]: 11 device=8086:0d4e bus=pci vendor=8086 id=d4e subvendor=1028 subid=9a1 class=20000 product=8086:0d4e word=AAIAAA== measured=0 says=1\n"
	  "COMPONENTS[1]: 15 part=1 type=11 word=00060001 measured=0\n"
	  "COMPONENTS[2]: 11 device=W product=W word=00990001 classes=6 measured=0\n" },
	{ "cdx-hbom: the BIOS, a serial number taken out",
	  CDX("{ \"type\": \"firmware\", \"name\": \"Dell Inc.\", \"version\": \"1.10\", \"properties\": [ { \"name\": \"cdx:hbom:biosRevision\", \"value\": \"1.10\" }, { \"name\": \"cdx:hbom:serialNumber\", \"value\": \"redacted:3XYZ\" } ] }"),
	  0, NULL, NULL,
	  "components[0]: 15 version=1.10 product=Dell Inc. part=1 type=0 word=bios measured=0\n" },
	{ "a word alone", "kind;model;manufacturer;quantity\nRAM;;;1\n", 0,
	  NULL, NULL, "line 2: 15 part=1 type=11 word=RAM measured=0\n" },
	{ "CSV from a German spreadsheet",
	  "\xef\xbb\xbf"
	  "Item;Model;Manufacturer;Qty;PCI-ID;Preis\r\n"
	  "NIC;X710;Intel;2;8086:1572;1.200,00\r\n"
	  ";;;;;\r\n"
	  ";;;;;2.400,00\r\n",
	  0, "CSV, separated by ';'",
	  "columns not used: Preis; 1 rows with nothing in the others",
	  "line 2: 11 device=X710 bus=pci vendor=8086 id=1572 maker=Intel product=X710 word=NIC classes=2 measured=0\n"
	  "line 2: 11 device=X710 bus=pci vendor=8086 id=1572 maker=Intel product=X710 word=NIC classes=2 measured=0\n" },
	{ "CSV with commas, quotes and lines in fields",
	  "kind,model,manufacturer,serial\n"
	  "laptop,\"T \"\"100\"\"\nsilver\",\"Acme, Inc.\",\"=\"\"0012\"\"\"\n"
	  "memory,D,'007,",
	  0, "CSV, separated by ','", NULL,
	  "line 2: 15 maker=Acme, Inc. product=T \"100\"\\x0asilver serial=0012 part=1 type=1 word=laptop measured=0\n"
	  "line 4: 15 maker=007 product=D part=1 type=11 word=memory measured=0\n" },
	{ "CSV with tabs, lines ended by CR alone",
	  "component\tmodel\tvendor\rMonitor\tU27\tDell\r", 0,
	  "CSV, separated by tabs", NULL,
	  "line 2: 11 device=U27 maker=Dell product=U27 word=Monitor classes=8 measured=2\n" },
	{ "CSV that says its separator",
	  "sep=,\r\nmodel,manufacturer,a;b;c\r\nX,Y,z\r\n", 0,
	  "CSV, separated by ','", "columns not used: a;b;c",
	  "line 3: 11 device=X maker=Y product=X measured=1 says=0\n" },
	{ "CSV of everything",
	  "type;model;part_number;version;license;sha256;bus;vendor_id;device_id;subsystem_vendor_id;subsystem_device_id;class_code;revision;supplier\n"
	  "driver;ice;;1.2;GPL;" ZEROS ";;;;;;;;Shop\n"
	  "device;;PN1;;;;PCIe;403;0x1;1028;9a1;020000;3;\n",
	  0, NULL, NULL,
	  "line 2: 3 name=ice digest=33 license=GPL version=1.2 word=driver supplier=Shop measured=0\n"
	  "line 3: 11 device=PN1 bus=pci vendor=403 id=1 subvendor=1028 subid=9a1 class=20000 rev=3 product=PN1 word=device partnumber=PN1 measured=0 says=1\n" },
	{ "what is no word is a name",
	  "item,manufacturer\nFlux compensator,Acme\n", 0, NULL, NULL,
	  "line 2: 11 device=Flux compensator maker=Acme product=Flux compensator measured=1 says=0\n" },
};

static void test_good(void **state)
{
	size_t i;

	for (i = 0; i < sizeof(goods) / sizeof(goods[0]); i++) {
		const struct good *g = &goods[i];
		struct crd_bid *bid = read_bid(g->text, g->format);
		const char *lines = lines_of(bid);

		if (strcmp(lines, g->lines))
			fail_msg("%s:\n%swanted:\n%s", g->name, lines,
				 g->lines);
		if (g->said)
			assert_string_equal(bid->said, g->said);
		if (g->left_out)
			assert_string_equal(bid->left_out, g->left_out);
		else
			assert_null(bid->left_out);
		assert_int_equal(bid->digest.alg, CRD_ALG_SHA256);
		crd_bid_free(&bid);
		assert_null(bid);
	}
}

/* Limits: the last that is taken, and the first that is not. */
static int read_text(const struct crd_str *str, struct crd_error *err)
{
	struct crd_bid *bid = NULL;
	int ret =
		crd_bid_read((struct crd_buf){ (uint8_t *)str->ptr, str->len },
			     CRD_BID_BY_CONTENT, &bid, err);

	crd_bid_free(&bid);
	return ret;
}

static void repeat(struct crd_str *str, const char *text, size_t n)
{
	while (n--)
		crd_str_puts(str, text);
}

static void test_depth(void **state)
{
	/* two for each component, and the outermost */
	size_t most = (CRD_MAX_BID_DEPTH - 1) / 2, n;

	for (n = most; n <= most + 1; n++) {
		struct crd_error err = { .text = "" };
		struct crd_str str = { 0 };
		int ret;

		crd_str_puts(&str, CDX_HEAD);
		repeat(&str,
		       "\"components\": [ { \"type\": \"device\", \"name\": \"a\", ",
		       n);
		crd_str_puts(&str, "\"x\": 1");
		repeat(&str, "} ]", n);
		crd_str_puts(&str, "}");
		ret = read_text(&str, &err);
		assert_int_equal(ret, n == most ? 0 : -E2BIG);
		if (ret)
			assert_non_null(strstr(err.text, "64 deep"));
		crd_str_done(&str);
	}
}

static void test_counts(void **state)
{
	static const struct {
		const char *head, *one, *last, *tail, *error;
		size_t most;
	} limits[] = {
		{ CDX_HEAD "\"components\": [", THING ",", THING, "] }",
		  "16384 items", CRD_MAX_BID_LINES },
		{ CDX_HEAD "\"x\": [ 1", "", "",
		  "], \"components\": [" THING "] }", NULL, 1 },
		{ "{ \"x\": [ 1", ",1", "", "] }", "500000 values", 0 },
		{ "model;manufacturer;quantity\n", "a;b;1024\n", "", "",
		  "65536 parts", CRD_MAX_BID_PARTS / CRD_MAX_BID_QUANTITY },
	};
	size_t i, n;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		size_t most = limits[i].most;

		for (n = most; n <= most + 1; n++) {
			struct crd_error err = { .text = "" };
			struct crd_str str = { 0 };
			int ret;

			if (!most)
				n = CRD_MAX_BID_VALUES;
			crd_str_puts(&str, limits[i].head);
			repeat(&str, limits[i].one,
			       *limits[i].last ? n - 1 : n);
			crd_str_puts(&str, limits[i].last);
			crd_str_puts(&str, limits[i].tail);
			ret = read_text(&str, &err);
			if (n == most || !limits[i].error) {
				assert_int_equal(ret, 0);
			} else {
				assert_int_equal(ret, -E2BIG);
				assert_non_null(
					strstr(err.text, limits[i].error));
			}
			crd_str_done(&str);
		}
	}
}

static void test_long_text(void **state)
{
	static const struct {
		const char *head, *tail;
	} around[] = {
		{ CDX_HEAD
		  "\"components\": [ { \"type\": \"device\", \"name\": \"",
		  "\" } ] }" },
		{ "model;manufacturer\nA;", "\n" },
		{ "{ \"COMPONENTS\": [ { \"MODEL\": \"", "\" } ] }" },
		{ "{ \"spdxVersion\": \"SPDX-2.3\", \"packages\": [ { \"name\": \"",
		  "\" } ] }" },
	};
	size_t i, n;

	for (i = 0; i < sizeof(around) / sizeof(around[0]); i++) {
		for (n = CRD_MAX_BID_TEXT; n <= CRD_MAX_BID_TEXT + 1; n++) {
			struct crd_error err = { .text = "" };
			struct crd_str str = { 0 };

			crd_str_puts(&str, around[i].head);
			repeat(&str, "x", n);
			crd_str_puts(&str, around[i].tail);
			assert_int_equal(read_text(&str, &err),
					 n == CRD_MAX_BID_TEXT ? 0 : -E2BIG);
			crd_str_done(&str);
		}
	}
}

static void test_size(void **state)
{
	struct crd_error err = { .text = "" };
	struct crd_str str = { 0 };

	crd_str_puts(&str, CDX(THING));
	repeat(&str, " ", CRD_MAX_BID - str.len);
	assert_int_equal(read_text(&str, &err), 0);
	crd_str_puts(&str, " ");
	assert_int_equal(read_text(&str, &err), -E2BIG);
	assert_non_null(strstr(err.text, "larger than"));
	crd_str_done(&str);
}

/* Makers: by number, by name, by who delivers; what is not known counts. */
static void test_vendors(void **state)
{
	static const struct {
		const char *row, *entity;
		unsigned int vendors, strangers;
	} rows[] = {
		{ "NIC;;;8086:1572;", "intel", 1, 0 },
		{ "NIC;Intel;;;", "intel", 1, 0 },
		{ "NIC;Intel;;8086:1572;", "intel", 1, 0 },
		{ "NIC;Intel;;19e5:1;", "huawei", 2, 0 },
		{ "NIC;Nobody;;8086:1;", "intel", 1, 1 },
		{ "NIC;Intel;;ffff:1;", NULL, 1, 1 },
		{ "NIC;Intel Clone;;;", NULL, 0, 1 },
		{ "NIC;Intel;Huawei Technologies CO., Ltd;;", "intel", 2, 0 },
		{ "NIC;Intel;Corner Shop;;", "intel", 1, 0 },
		{ "NIC;;Intel;;", "intel", 1, 0 },
		{ "NIC;;Corner Shop;;", NULL, 0, 1 },
		{ "NIC;;;;A part", NULL, 0, 1 },
		{ "driver;Intel;;;x", "intel", 1, 0 },
		{ "firmware;Intel;;;x", "intel", 1, 0 },
		{ "board;Intel;;;x", "intel", 1, 0 },
		{ "psu;Intel;;;x", "intel", 1, 0 },
	};
	struct crd_registry *reg = small_registry();
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct crd_inventory_iter it = { .registry = reg };
		struct crd_str str = { 0 };
		struct crd_component c;
		struct crd_bid *bid;

		crd_str_fmt(&str,
			    "kind;manufacturer;supplier;pci_id;model\n%s\n",
			    rows[i].row);
		bid = read_bid(str.ptr, CRD_BID_CSV);
		it.inventory = &bid->inventory;
		assert_true(crd_inventory_next(&it, &c));
		if (rows[i].entity && c.entity)
			assert_string_equal(c.entity, rows[i].entity);
		if (!!rows[i].entity != !!c.entity ||
		    c.n_vendors != rows[i].vendors ||
		    c.n_strangers != rows[i].strangers)
			fail_msg("%s: %s, %u vendors, %u strangers",
				 rows[i].row, c.entity ? c.entity : "none",
				 c.n_vendors, c.n_strangers);
		assert_int_equal(c.grade, CRD_GRADE_DECLARED);
		assert_int_equal(c.flags, 0);
		assert_false(crd_inventory_next(&it, &c));
		crd_bid_free(&bid);
		crd_str_done(&str);
	}
	crd_registry_free(&reg);
}

#define NET   (1u << CRD_CLASS_NETWORK)
#define RADIO (1u << CRD_CLASS_WIRELESS)
#define KEYS  (1u << CRD_CLASS_INPUT | 1u << CRD_CLASS_KEYBOARD)
#define DISK  (1u << CRD_CLASS_STORAGE)

static struct crd_bid *read_kind(const char *word, const char *model,
				 struct crd_component *ret_c)
{
	struct crd_inventory_iter it = { 0 };
	struct crd_str str = { 0 };
	struct crd_bid *bid;

	crd_str_fmt(&str, "kind;model\n\"%s\";%s\n", word, model);
	bid = read_bid(str.ptr, CRD_BID_BY_CONTENT);
	it.inventory = &bid->inventory;
	assert_true(crd_inventory_next(&it, ret_c));
	crd_str_done(&str);
	return bid;
}

/* What is not understood, or only half: it leaves open all that is asked. */
static void test_unclear(void **state)
{
	static const struct {
		const char *word, *model;
		uint32_t classes;
	} words[] = {
		{ "thing", "M", 0 },
		{ "Placa", "M", 0 },
		{ "card", "M", 0 },
		{ "W\xd1\x96reless card", "M", 0 },
		{ "W\xd1\x96reless network card", "M", NET },
		{ "r\xc3\xa9seau network", "M", NET },
		{ "no network card", "M", NET },
		{ "network card without Wi-Fi", "M", NET | RADIO },
		{ "network card with flux", "M", NET },
		{ "SSD + flux", "M", DISK },
		{ "board with Wi-Fi", "M", NET | RADIO },
		{ "wireless battery", "M", NET | RADIO },
		{ "TPM, Wi-Fi", "M", NET | RADIO },
		{ "camera sensor", "M", 1u << CRD_CLASS_CAMERA },
		{ "TPM-ready board", "M", 0 },
		{ "TPM header", "M", 0 },
		{ "laptop", "T100 LTE", 0 },
		{ "board", "B with Wi-Fi 6", 0 },
		{ "thing", "network card", NET },
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct crd_component c;
		struct crd_bid *bid =
			read_kind(words[i].word, words[i].model, &c);

		if (!(crd_declared_doubt(&c) >> CRD_COND_KIND & 1) ||
		    !(crd_declared_doubt(&c) >> CRD_COND_CLASS & 1) ||
		    crd_class_words(&c) != words[i].classes)
			fail_msg("%s: class %x, doubt %llx", words[i].word,
				 crd_class_words(&c),
				 (unsigned long long)crd_declared_doubt(&c));
		crd_bid_free(&bid);
	}
}

/* Words in any case, among others, in any order. */
static void test_words(void **state)
{
	static const struct {
		const char *word, *model;
		uint8_t kind;
		uint32_t classes;
		const char *noun;
	} words[] = {
		{ "Network Card", "M", CRD_KIND_DEVICE, NET, "network card" },
		{ "NetworkCards", "M", CRD_KIND_DEVICE, NET, "network card" },
		{ "2.5G NIC", "M", CRD_KIND_DEVICE, NET, "network card" },
		{ "keyboard", "M", CRD_KIND_DEVICE, KEYS, "keyboard" },
		{ "SSDs", "M", CRD_KIND_DEVICE, DISK, "storage device" },
		{ "SSD 4G", "M", CRD_KIND_DEVICE, DISK, "storage device" },
		{ "SSD", "M 4G", CRD_KIND_DEVICE, DISK, "storage device" },
		{ "audio controller", "M", CRD_KIND_DEVICE,
		  1u << CRD_CLASS_AUDIO, "sound device" },
		{ "CPU", "M", CRD_KIND_PLATFORM, 0, "device" },
		{ "server memory", "M", CRD_KIND_PLATFORM, 0, "device" },
		{ "DDR4 memory 4G", "M 4G", CRD_KIND_PLATFORM, 0, "device" },
		{ "TPM 2.0", "M", CRD_KIND_PLATFORM, 0, "device" },
		{ "Trusted Platform Module", "M", CRD_KIND_PLATFORM, 0,
		  "device" },
		{ "laptop battery", "M", CRD_KIND_PLATFORM, 0, "device" },
		{ "network cable", "M", CRD_KIND_PLATFORM, 0, "device" },
		{ "Wi-Fi driver", "M", CRD_KIND_DRIVER, 0, "device" },
		{ "wireless firmware", "M", CRD_KIND_FIRMWARE, 0, "device" },
		{ "network card", "AX211 Wi-Fi", CRD_KIND_DEVICE, NET | RADIO,
		  "wireless network card" },
		{ "keyboard", "K 4G LTE", CRD_KIND_DEVICE, KEYS | NET | RADIO,
		  "wireless device" },
		{ "device", "X710 network adapter", CRD_KIND_DEVICE, NET,
		  "network card" },
		{ "wireless keyboard", "M", CRD_KIND_DEVICE, KEYS | RADIO,
		  "wireless keyboard" },
		{ "Bluetooth", "M", CRD_KIND_DEVICE, RADIO, "wireless device" },
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct crd_component c;
		struct crd_bid *bid =
			read_kind(words[i].word, words[i].model, &c);

		if (c.kind != words[i].kind ||
		    (c.kind == CRD_KIND_DEVICE &&
		     crd_class_words(&c) != words[i].classes) ||
		    strcmp(crd_class_noun(&c), words[i].noun) ||
		    crd_declared_doubt(&c))
			fail_msg("%s: kind %u, class %x, %s, doubt %llx",
				 words[i].word, c.kind, crd_class_words(&c),
				 crd_class_noun(&c),
				 (unsigned long long)crd_declared_doubt(&c));
		crd_bid_free(&bid);
	}
}

/* However a radio is called, it is one. */
static void test_radios(void **state)
{
	static const char *const words[] = {
		"Wireless card",
		"WiFi card",
		"Wi-Fi 6",
		"wifi6e",
		"wireless adapter",
		"Wireless LAN card",
		"WLAN-Karte",
		"wireless network card",
		"Intel 802.11ax",
		"IEEE 802.11 module",
		"Bluetooth 5.3",
		"LTE",
		"4G module",
		"5G NR",
		"WWAN card",
		"cellular modem",
		"GSM",
		"UMTS",
		"Zigbee dongle",
		"NFC reader",
		"UWB",
		"LoRaWAN",
		"RFID reader",
		"radio",
		"network card, Wi-Fi",
		"Wi-Fi + Bluetooth",
		"NIC (wireless)",
		"USB wireless adapter",
		"placa sem fio",
		"carte sans fil",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct crd_component c;
		struct crd_bid *bid = read_kind(words[i], "M", &c);

		if (c.kind != CRD_KIND_DEVICE ||
		    !(crd_class_words(&c) & RADIO) || crd_declared_doubt(&c))
			fail_msg("%s: class %x", words[i], crd_class_words(&c));
		crd_bid_free(&bid);
	}
}

/* The labels of the program's own reports are understood, every one. */
static void test_own_labels(void **state)
{
	static const char *const buses[] = { "pci", "usb" };
	uint32_t code, i, known = 0;

	for (i = 0; i < 2; i++) {
		for (code = 0; code <= 0xffff; code++) {
			struct crd_component said = {
				.kind = CRD_KIND_DEVICE,
				.has_class = true,
				.class_code = code << 8,
				.bus = crd_buf_of(buses[i]),
			};
			const char *noun = crd_class_noun(&said);
			struct crd_bid_phrase p =
				crd_bid_phrase(crd_buf_of(noun));

			if (!strcmp(noun, "device") ||
			    !strcmp(noun, "USB device"))
				continue;
			known++;
			if (!p.is || p.unclear ||
			    (p.is->kind == CRD_KIND_DEVICE &&
			     !(p.classes & crd_class_words(&said))))
				fail_msg("%s %06x: '%s'", buses[i], code << 8,
					 noun);
		}
	}
	assert_true(known > 1000);
}

/* The kind and the class say different things. */
static void test_two_columns(void **state)
{
	static const struct {
		const char *kind, *class;
		uint32_t classes;
		bool doubt;
	} rows[] = {
		{ "network card", "wireless", NET | RADIO, false },
		{ "SSD", "network", DISK | NET, false },
		{ "hardware", "SSD", DISK, false },
		{ "SSD", "flux", DISK, false },
		{ "flux", "SSD", DISK, true },
		{ "board", "wireless", 0, true },
		{ "board", "SSD", 0, true },
		{ "battery", "wireless", 0, true },
		{ "driver", "wireless", 0, false },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct crd_inventory_iter it = { 0 };
		struct crd_str str = { 0 };
		struct crd_component c;
		struct crd_bid *bid;

		crd_str_fmt(&str, "kind;class;model\n%s;%s;M\n", rows[i].kind,
			    rows[i].class);
		bid = read_bid(str.ptr, CRD_BID_BY_CONTENT);
		it.inventory = &bid->inventory;
		assert_true(crd_inventory_next(&it, &c));
		if (crd_class_words(&c) != rows[i].classes ||
		    !!crd_declared_doubt(&c) != rows[i].doubt)
			fail_msg("%s, %s: class %x, doubt %llx", rows[i].kind,
				 rows[i].class, crd_class_words(&c),
				 (unsigned long long)crd_declared_doubt(&c));
		crd_bid_free(&bid);
		crd_str_done(&str);
	}
}

static void test_format_names(void **state)
{
	assert_string_equal(crd_bid_format_name(CRD_BID_PACCOR), "paccor");
	assert_null(crd_bid_format_name(CRD_BID_FORMATS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_long_text),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_vendors),
		cmocka_unit_test(test_unclear),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_radios),
		cmocka_unit_test(test_own_labels),
		cmocka_unit_test(test_two_columns),
		cmocka_unit_test(test_format_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
