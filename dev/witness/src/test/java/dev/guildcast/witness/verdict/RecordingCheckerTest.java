package dev.guildcast.witness.verdict;

import static dev.guildcast.witness.Intent.GUILDS;
import static dev.guildcast.witness.Intent.GUILD_MESSAGES;
import static dev.guildcast.witness.Intent.GUILD_MESSAGE_TYPING;
import static dev.guildcast.witness.Intent.MESSAGE_CONTENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.PublishedEvent;
import dev.guildcast.witness.PublishedEvent.IngressOutcome;
import dev.guildcast.witness.ScenarioBuilder;
import dev.guildcast.witness.verdict.DeliveryFault.Kind;
import org.junit.jupiter.api.Test;

/// Correct recordings pass, and each kind of manipulated one is detected.
class RecordingCheckerTest {
    private static final String JOIN = "{'guild_id':'10','user':{'id':'2'},'roles':[]}";
    private static final String LEAVE = "{'guild_id':'10','user':{'id':'2'}}";
    private static final String SHOW_21 =
            "{'guild_id':'10','id':'21','type':0,'permission_overwrites':[{'id':'11','type':0,'allow':'1024','deny':'0'}]}";

    private final ScenarioBuilder scenario = new ScenarioBuilder();
    private final Account one = ScenarioBuilder.bot(1, GUILDS, GUILD_MESSAGES, MESSAGE_CONTENT);
    private final Account two = ScenarioBuilder.bot(2, GUILDS, GUILD_MESSAGES, GUILD_MESSAGE_TYPING);

    private void assertFaults(Account account, Kind... kinds) {
        assertThat(scenario.verdictFor(account).faults())
                .extracting(DeliveryFault::kind)
                .containsExactlyInAnyOrder(kinds);
    }

    private void assertPasses(Account account, int received) {
        ClientVerdict verdict = scenario.verdictFor(account);
        assertThat(verdict.faults()).isEmpty();
        assertThat(verdict.received()).isEqualTo(received);
        assertThat(verdict.entitled()).isEqualTo(received);
    }

    @Test
    void aCompleteStreamPasses() {
        scenario.login("20", "21").received(scenario.message("20", "a")).received(scenario.message("21", "b"));
        assertPasses(one, 2);
    }

    @Test
    void aMissingEventIsLost() {
        scenario.login("20", "21").received(scenario.message("20", "a"));
        scenario.message("20", "b");
        scenario.received(scenario.message("20", "c"));
        assertFaults(one, Kind.LOST);
        assertThat(scenario.verdictFor(one).entitled()).isEqualTo(3);
    }

    @Test
    void theLastEventIsMissedToo() {
        scenario.login("20", "21");
        scenario.message("20", "a");
        assertFaults(one, Kind.LOST);
    }

    @Test
    void anEventThatCameTwiceIsRepeated() {
        scenario.login("20", "21");
        PublishedEvent message = scenario.message("20", "a");
        scenario.received(message).received(message);
        assertFaults(one, Kind.REPEATED);
    }

    @Test
    void eventsThatCameTheOtherWayRoundAreOutOfOrder() {
        scenario.login("20", "21");
        PublishedEvent first = scenario.message("20", "a");
        PublishedEvent second = scenario.message("20", "b");
        scenario.received(second).received(first);
        assertFaults(one, Kind.OUT_OF_ORDER);
    }

    @Test
    void twoPublishersOfOneGuildAreOrderedByTheirAcknowledgements() {
        scenario.login("20", "21");
        String body = "{'guild_id':'10','channel_id':'20','author':{'id':'5'},'content':'x'}";
        long now = scenario.now();
        PublishedEvent early = scenario.publish("a", "MESSAGE_CREATE", body, now, now + 10, IngressOutcome.ACCEPTED);
        PublishedEvent overlapping =
                scenario.publish("b", "MESSAGE_CREATE", body, now + 5, now + 20, IngressOutcome.ACCEPTED);
        PublishedEvent late =
                scenario.publish("c", "MESSAGE_CREATE", body, now + 10, now + 20, IngressOutcome.ACCEPTED);
        scenario.received(overlapping).received(late).received(early);
        assertFaults(one, Kind.OUT_OF_ORDER);
    }

    @Test
    void aMessageOfAHiddenChannelIsForeign() {
        scenario.login("20").received(scenario.message("21", "a"));
        assertFaults(two, Kind.FOREIGN);
    }

    @Test
    void contentWithoutItsIntentIsForeign() {
        scenario.login("20").received(scenario.message("20", "a"));
        assertFaults(two, Kind.FOREIGN);
    }

    @Test
    void blankedContentIsExpectedWithoutTheIntentOnly() {
        scenario.login("20").receivedBlanked(scenario.message("20", "a"));
        assertPasses(two, 1);
        ScenarioBuilder other = new ScenarioBuilder();
        other.login("20", "21").receivedBlanked(other.message("20", "a"));
        assertThat(other.verdictFor(one).faults())
                .extracting(DeliveryFault::kind)
                .containsExactly(Kind.ALTERED);
    }

    @Test
    void anEventThatNobodyPublishedIsForeign() {
        scenario.login("20").received("MESSAGE_CREATE", "{'guild_id':'10','channel_id':'20','witness':'p#9'}");
        scenario.received("GUILD_BAN_ADD", "{'guild_id':'10'}");
        assertFaults(two, Kind.FOREIGN, Kind.FOREIGN);
    }

    @Test
    void aHiddenChannelInGuildCreateIsForeignAndAMissingOneLost() {
        scenario.login("21");
        assertFaults(two, Kind.FOREIGN, Kind.LOST);
    }

    @Test
    void aChannelThatIsRevealedHasToAppearBeforeItsMessagesCount() {
        scenario.login("20");
        PublishedEvent shown = scenario.publish("CHANNEL_UPDATE", SHOW_21);
        scenario.received("CHANNEL_CREATE", shown.body()).receivedBlanked(scenario.message("21", "a"));
        assertPasses(two, 2);
    }

    @Test
    void aRevealThatDoesNotComeIsLost() {
        scenario.login("20");
        scenario.publish("CHANNEL_UPDATE", SHOW_21);
        assertFaults(two, Kind.LOST);
    }

    @Test
    void aChannelRevealedForNoReasonIsForeign() {
        scenario.login("20").received("CHANNEL_CREATE", "{'guild_id':'10','id':'21'}");
        assertFaults(two, Kind.FOREIGN);
    }

    @Test
    void rejoiningSendsTheGuildAgainAndNothingBetween() {
        scenario.login("20").receivedBlanked(scenario.message("20", "a"));
        scenario.publish("GUILD_MEMBER_REMOVE", LEAVE);
        scenario.received("GUILD_DELETE", "{'id':'10'}");
        scenario.message("20", "b");
        scenario.publish("GUILD_MEMBER_ADD", JOIN);
        scenario.message("20", "already contained in GUILD_CREATE");
        scenario.guildCreated("20").receivedBlanked(scenario.message("20", "c"));
        assertPasses(two, 2);
    }

    @Test
    void aGapAfterTheFirstEventOfAMembershipIsALoss() {
        scenario.login("20");
        scenario.publish("GUILD_MEMBER_REMOVE", LEAVE);
        scenario.received("GUILD_DELETE", "{'id':'10'}");
        scenario.publish("GUILD_MEMBER_ADD", JOIN);
        PublishedEvent met = scenario.message("20", "a");
        scenario.message("20", "lost");
        scenario.guildCreated("20").receivedBlanked(met);
        assertFaults(two, Kind.LOST);
    }

    @Test
    void anEventAfterOneHasLeftIsForeign() {
        scenario.login("20");
        scenario.publish("GUILD_MEMBER_REMOVE", LEAVE);
        PublishedEvent secret = scenario.message("20", "a");
        scenario.receivedBlanked(secret).received("GUILD_DELETE", "{'id':'10'}");
        assertFaults(two, Kind.FOREIGN);
    }

    @Test
    void aGuildThatDoesNotGoOrDoesNotComeIsLost() {
        scenario.login("20");
        scenario.publish("GUILD_MEMBER_REMOVE", LEAVE);
        assertFaults(two, Kind.LOST);
        scenario.received("GUILD_DELETE", "{'id':'10'}");
        scenario.publish("GUILD_MEMBER_ADD", JOIN);
        assertFaults(two, Kind.LOST);
    }

    @Test
    void aGuildThatGoesForNoReasonIsForeign() {
        scenario.login("20").received("GUILD_DELETE", "{'id':'10'}");
        assertFaults(two, Kind.FOREIGN);
    }

    @Test
    void typingMayBeDroppedButNotRepeatedAndNotShownWhereItIsHidden() {
        String typing = "{'guild_id':'10','channel_id':'20','user_id':'5'}";
        scenario.login("20");
        scenario.publish("TYPING_START", typing);
        assertPasses(two, 0);
        PublishedEvent seen = scenario.publish("TYPING_START", typing);
        scenario.received(seen);
        assertPasses(two, 1);
        scenario.received(seen).received(scenario.publish("TYPING_START", typing.replace("20", "21")));
        assertFaults(two, Kind.REPEATED, Kind.FOREIGN);
    }

    @Test
    void aResumedStreamPasses() {
        scenario.login("20", "21").received(scenario.message("20", "a")).closed(1006, false);
        scenario.received(scenario.message("20", "b")).resumed().received(scenario.message("20", "c"));
        assertPasses(one, 3);
        assertThat(scenario.verdictFor(one).resumes()).isEqualTo(1);
    }

    @Test
    void aSkippedSequenceIsAFault() {
        scenario.login("20", "21")
                .received(scenario.message("20", "a"))
                .skipSequence()
                .received(scenario.message("20", "b"));
        assertFaults(one, Kind.SEQUENCE);
    }

    @Test
    void resumedComesOnceAndRepeatsTheLastSequence() {
        scenario.login("20", "21").closed(1006, false).resumed(1);
        assertFaults(one, Kind.SEQUENCE);
        ScenarioBuilder other = new ScenarioBuilder();
        other.login("20", "21").closed(1006, false).resumed().resumed();
        assertThat(other.verdictFor(one).faults())
                .extracting(DeliveryFault::kind)
                .containsExactly(Kind.SEQUENCE);
    }

    @Test
    void aSessionInvalidatedAfterACrashIsAFault() {
        scenario.login("20", "21")
                .closed(1006, false)
                .advance(20)
                .invalidSession()
                .login("20", "21");
        assertFaults(one, Kind.SESSION);
    }

    @Test
    void aSessionInvalidatedAfterTheClientClosedItOrAfterExpiryIsExpected() {
        scenario.login("20", "21")
                .closed(1000, true)
                .advance(1)
                .invalidSession()
                .login("20", "21");
        assertPasses(one, 0);
        ScenarioBuilder late = new ScenarioBuilder();
        late.login("20", "21").closed(1006, false).advance(181).invalidSession().login("20", "21");
        assertThat(late.verdictFor(one).faults()).isEmpty();
    }

    @Test
    void eventsBetweenTwoSessionsAreExpectedInNeither() {
        scenario.login("20", "21").received(scenario.message("20", "a")).closed(1000, true);
        scenario.message("20", "b");
        scenario.login("20", "21").received(scenario.message("20", "c"));
        assertPasses(one, 2);
    }

    @Test
    void silenceStartsWhenAnEventWasExpected() {
        scenario.login("20", "21").received(scenario.message("20", "a")).advance(10);
        long sent = scenario.now();
        var late = scenario.message("20", "b");
        scenario.advance(4).received(late).advance(30);
        assertThat(scenario.verdictFor(one).longestSilence()).isEqualTo(new Silence(sent, sent + 5_000_000_000L));
    }

    @Test
    void silenceDoesNotEndWithWhatWasLost() {
        scenario.login("20", "21").received(scenario.message("20", "a")).advance(10);
        long sent = scenario.now();
        scenario.message("20", "b");
        scenario.advance(30);
        assertThat(scenario.verdictFor(one).longestSilence()).isEqualTo(new Silence(sent, sent + 31_000_000_000L));
    }
}
