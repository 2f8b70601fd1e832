package dev.guildcast.suite.watch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SequenceVerifierTest {
    private final SequenceVerifier verifier = new SequenceVerifier();

    @Test
    void acceptsEverySequenceOnceAndAResumedThatRepeatsTheLast() {
        assertThat(verifier.onDispatch(1)).isEmpty();
        assertThat(verifier.onDispatch(2)).isEmpty();
        assertThat(verifier.onResumed(2)).isEmpty();
        assertThat(verifier.onDispatch(3)).isEmpty();
        verifier.newSession();
        assertThat(verifier.onDispatch(1)).isEmpty();
        assertThat(verifier.violations()).isZero();
    }

    @Test
    void reportsAGapARepeatAndAWrongResumed() {
        verifier.onDispatch(1);
        assertThat(verifier.onDispatch(3)).contains("s 3 after 1");
        assertThat(verifier.onDispatch(3)).contains("s 3 after 3");
        assertThat(verifier.onResumed(4)).contains("RESUMED with s 4 after 3");
        assertThat(verifier.violations()).isEqualTo(3);
    }
}
