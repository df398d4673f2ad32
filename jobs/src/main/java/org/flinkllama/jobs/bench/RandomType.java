package org.flinkllama.jobs.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.flinkllama.model.synthetic.RandomModel;
import org.flinkllama.model.tensor.TensorType;

/// What the matrices of random weights are stored as: one type for all of them, or the mix that files of 4 bits
/// mostly are.
///
/// @param single empty for the mix
public record RandomType(Optional<TensorType> single) {
    public static final RandomType Q8_0 = of(TensorType.Q8_0);

    private static final String MIX = "Q4_K_M";

    public static RandomType of(TensorType type) {
        return new RandomType(Optional.of(type));
    }

    /// The type of a name, or nothing.
    public static Optional<RandomType> named(String name) {
        if (name.equalsIgnoreCase(MIX)) {
            return Optional.of(new RandomType(Optional.empty()));
        }
        return Arrays.stream(TensorType.values())
                .filter(type -> type.name().equalsIgnoreCase(name))
                .findFirst()
                .map(RandomType::of);
    }

    /// All names.
    public static List<String> names() {
        List<String> names = new ArrayList<>(
                Arrays.stream(TensorType.values()).map(TensorType::name).toList());
        names.add(MIX);
        return names;
    }

    RandomModel applyTo(RandomModel model) {
        return single.isPresent() ? model.type(single.get()) : model.mixOfFourAndSixBits();
    }

    @Override
    public String toString() {
        return single.map(TensorType::name).orElse(MIX);
    }
}
