package dev.guildcast.suite.watch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SequenceCheckTest {
    private final SequenceCheck check = new SequenceCheck();

    @Test
    void isContentWithEveryNumberOnceAndAResumedThatRepeatsTheLast() {
        assertThat(check.onDispatch(1)).isEmpty();
        assertThat(check.onDispatch(2)).isEmpty();
        assertThat(check.onResumed(2)).isEmpty();
        assertThat(check.onDispatch(3)).isEmpty();
        check.newSession();
        assertThat(check.onDispatch(1)).isEmpty();
        assertThat(check.violations()).isZero();
    }

    @Test
    void namesAGapARepeatAndAWrongResumed() {
        check.onDispatch(1);
        assertThat(check.onDispatch(3)).contains("s 3 after 1");
        assertThat(check.onDispatch(3)).contains("s 3 after 3");
        assertThat(check.onResumed(4)).contains("RESUMED with s 4 after 3");
        assertThat(check.violations()).isEqualTo(3);
    }
}
