package org.flinkllama.operators.task;

import java.io.Serializable;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What is asked of every document.
///
/// @param tasks     tasks to do; none where only the user's prompts are asked
/// @param labels    labels of the sentiment, in order of preference on a tie
/// @param questions questions asked of every document, before its own
/// @param prompts   the user's own prompts, in order
public record Assignment(Set<Task> tasks, List<String> labels, List<String> questions, List<CustomPrompt> prompts)
        implements Serializable {
    public static final Assignment DEFAULT =
            new Assignment(EnumSet.allOf(Task.class), List.of("positive", "negative", "neutral"), List.of(), List.of());

    private static final int MAX_LABELS = 64;

    /// A task that comes with the project.
    public enum Task {
        SUMMARY,
        SENTIMENT,
        ANSWERS
    }

    public Assignment {
        tasks = Collections.unmodifiableSet(tasks.isEmpty() ? EnumSet.noneOf(Task.class) : EnumSet.copyOf(tasks));
        labels = List.copyOf(labels);
        questions = List.copyOf(questions);
        prompts = List.copyOf(prompts);
        if (tasks.isEmpty() && prompts.isEmpty()) {
            throw new IllegalArgumentException(
                    "Options 'tasks' and 'prompt' are both empty; expected summary, sentiment, answers or a prompt.");
        }
        if (labels.size() < 2 || labels.size() > MAX_LABELS || !distinctWords(labels)) {
            throw new IllegalArgumentException("Option 'labels' has " + labels.size() + " labels; expected 2 to "
                    + MAX_LABELS + ", none empty and none twice.");
        }
        if (questions.size() > DocumentRules.MAX_QUESTIONS || questions.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("Option 'questions' has " + questions.size()
                    + " questions; expected at most " + DocumentRules.MAX_QUESTIONS + ", none empty.");
        }
        List<String> names = prompts.stream().map(CustomPrompt::name).toList();
        if (new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException("Option 'prompt' gives a name twice in " + names + ".");
        }
    }

    public Assignment withTasks(Set<Task> otherTasks) {
        return new Assignment(otherTasks, labels, questions, prompts);
    }

    public Assignment withLabels(List<String> otherLabels) {
        return new Assignment(tasks, otherLabels, questions, prompts);
    }

    public Assignment withQuestions(List<String> otherQuestions) {
        return new Assignment(tasks, labels, otherQuestions, prompts);
    }

    public Assignment withPrompts(List<CustomPrompt> otherPrompts) {
        return new Assignment(tasks, labels, questions, otherPrompts);
    }

    private static boolean distinctWords(List<String> words) {
        return words.stream().noneMatch(String::isBlank) && new HashSet<>(words).size() == words.size();
    }
}
