"""Prints blocks of random bytes in every quantised format with their values in f32, as blocks.txt has them:

    python3 blocks.py > blocks.txt

A line: type, the block's bytes, the values' little-endian f32 bytes (both hexadecimal). Written with numpy from
the block layouts of ggml-common.h, a whole block at a time, to check the Java formulas that go element by element.
"""
import numpy as np

f32 = np.float32
PAIRS = np.array([0, 2, 4, 6], np.uint8).reshape(1, 4, 1)
BITS = np.arange(8, dtype=np.uint8).reshape(8, 1)


def f16(b):
    return b.copy().view("<f2").astype(f32)


def halves(b):
    return np.concatenate([b & 15, b >> 4])


def fifth(b):
    return np.unpackbits(b, bitorder="little") << 4


def centred(q, centre):
    return (q.astype(np.int32) - centre).astype(f32)


def pairs(b):
    return (b.reshape(-1, 1, 32) >> PAIRS) & 3


def eight(b):
    """Eight 6-bit scales and eight 6-bit minimums out of 12 bytes."""
    scale = np.concatenate([b[0:4] & 63, (b[8:12] & 15) | ((b[0:4] >> 6) << 4)])
    minimum = np.concatenate([b[4:8] & 63, (b[8:12] >> 4) | ((b[4:8] >> 6) << 4)])
    return scale.astype(f32), minimum.astype(f32)


def sixteen(b):
    """Sixteen signed 6-bit scales out of 12 bytes."""
    high = (b[8:12].reshape(1, 4) >> PAIRS.reshape(4, 1)) & 3
    return centred(halves(b[0:8]) | (high.reshape(16) << 4), 32)


def q2k(b):
    q = pairs(b[16:80]).reshape(16, 16).astype(f32)
    scale, minimum = f16(b[80:82]) * (b[:16] & 15).astype(f32), f16(b[82:84]) * (b[:16] >> 4).astype(f32)
    return scale[:, None] * q - minimum[:, None]


def q3k(b):
    high = ((b[:32].reshape(1, 32) >> BITS) & 1).reshape(16, 16)
    q = centred(pairs(b[32:96]).reshape(16, 16) | (high << 2), 4)
    return (f16(b[108:110]) * sixteen(b[96:108]))[:, None] * q


def q45k(b):
    scale, minimum = eight(b[4:16])
    low = b[-128:].reshape(4, 1, 32)
    q = np.concatenate([low & 15, low >> 4], 1).reshape(8, 32)
    if len(b) == 176:
        q = q | (((b[16:48].reshape(1, 32) >> BITS) & 1) << 4)
    return (f16(b[0:2]) * scale)[:, None] * q.astype(f32) - (f16(b[2:4]) * minimum)[:, None]


def q6k(b):
    low = b[:128].reshape(2, 2, 32)
    q = np.concatenate([low & 15, low >> 4], 1) | (pairs(b[128:192]) << 4)
    return (f16(b[208:210]) * b[192:208].view(np.int8).astype(f32))[:, None] * centred(q.reshape(16, 16), 32)


FORMATS = {  # bytes, offsets of the f16 numbers, values
    "Q8_0": (34, [0], lambda b: b[2:].view(np.int8).astype(f32) * f16(b[:2])),
    "Q4_0": (18, [0], lambda b: centred(halves(b[2:]), 8) * f16(b[:2])),
    "Q4_1": (20, [0, 2], lambda b: halves(b[4:]).astype(f32) * f16(b[:2]) + f16(b[2:4])),
    "Q5_0": (22, [0], lambda b: centred(halves(b[6:]) | fifth(b[2:6]), 16) * f16(b[:2])),
    "Q5_1": (24, [0, 2], lambda b: (halves(b[8:]) | fifth(b[4:8])).astype(f32) * f16(b[:2]) + f16(b[2:4])),
    "Q2_K": (84, [80, 82], q2k),
    "Q3_K": (110, [108], q3k),
    "Q4_K": (144, [0, 2], q45k),
    "Q5_K": (176, [0, 2], q45k),
    "Q6_K": (210, [208], q6k),
}

if __name__ == "__main__":
    random = np.random.Generator(np.random.PCG64(1))
    for name, (size, floats, values) in FORMATS.items():
        for spread in [0.02, -1.5, 1e-6]:
            block = random.integers(0, 256, size, dtype=np.uint8)
            for at in floats:
                block[at:at + 2] = np.array([spread * random.uniform(0.5, 1)], "<f2").view(np.uint8)
            print(name, block.tobytes().hex(), values(block).astype("<f4").tobytes().hex())
