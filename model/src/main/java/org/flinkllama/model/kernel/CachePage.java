package org.flinkllama.model.kernel;

/// Keys and values of [Kernel#PAGE_POSITIONS] positions of a sequence in every layer; [HeadSlice] says where in a
/// layer each head stands. A layer has an array of its own: small enough that no collector keeps it apart, and pages
/// don't stand a power of two from each other, where they would compete for the same sets of a processor's cache.
public sealed interface CachePage {
    /// Writes the key and value of one position, which stand in `keys` and `values` from `offset`.
    void write(HeadSlice head, int positionInPage, float[] keys, float[] values, int offset);

    /// A stored number as f32.
    float number(int layer, int index);

    /// Takes over the numbers of a page of the same type and shape.
    void copyFrom(CachePage other);

    /// Numbers as they were computed.
    ///
    /// @param layers `[layer][number]`
    record Floats(float[][] layers) implements CachePage {
        @Override
        public void write(HeadSlice head, int positionInPage, float[] keys, float[] values, int offset) {
            float[] numbers = layers[head.layer()];
            int key = head.keyOffset() + positionInPage;
            for (int dimension = 0; dimension < head.headSize(); dimension++) {
                numbers[key + dimension * Kernel.PAGE_POSITIONS] = keys[offset + dimension];
            }
            int value = head.valueOffset() + positionInPage * head.headSize();
            System.arraycopy(values, offset, numbers, value, head.headSize());
        }

        @Override
        public float number(int layer, int index) {
            return layers[layer][index];
        }

        @Override
        public void copyFrom(CachePage other) {
            for (int layer = 0; layer < layers.length; layer++) {
                System.arraycopy(((Floats) other).layers[layer], 0, layers[layer], 0, layers[layer].length);
            }
        }
    }

    /// Numbers rounded to f16.
    ///
    /// @param layers `[layer][number]`
    record Halves(short[][] layers) implements CachePage {
        @Override
        public void write(HeadSlice head, int positionInPage, float[] keys, float[] values, int offset) {
            short[] numbers = layers[head.layer()];
            int key = head.keyOffset() + positionInPage;
            int value = head.valueOffset() + positionInPage * head.headSize();
            for (int dimension = 0; dimension < head.headSize(); dimension++) {
                numbers[key + dimension * Kernel.PAGE_POSITIONS] = Float.floatToFloat16(keys[offset + dimension]);
                numbers[value + dimension] = Float.floatToFloat16(values[offset + dimension]);
            }
        }

        @Override
        public float number(int layer, int index) {
            return Float.float16ToFloat(layers[layer][index]);
        }

        @Override
        public void copyFrom(CachePage other) {
            for (int layer = 0; layer < layers.length; layer++) {
                System.arraycopy(((Halves) other).layers[layer], 0, layers[layer], 0, layers[layer].length);
            }
        }
    }
}
