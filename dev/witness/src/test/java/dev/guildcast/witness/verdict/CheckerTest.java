package dev.guildcast.witness.verdict;

import static dev.guildcast.witness.Intent.GUILDS;
import static dev.guildcast.witness.Intent.GUILD_MESSAGES;
import static dev.guildcast.witness.Intent.GUILD_MESSAGE_TYPING;
import static dev.guildcast.witness.Intent.MESSAGE_CONTENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.guildcast.witness.Account;
import dev.guildcast.witness.Publication;
import dev.guildcast.witness.Publication.Outcome;
import dev.guildcast.witness.Story;
import dev.guildcast.witness.verdict.Fault.Kind;
import org.junit.jupiter.api.Test;

/// Good recordings pass, and each kind of doctored one is found out.
class CheckerTest {
    private static final String JOIN = "{'guild_id':'10','user':{'id':'2'},'roles':[]}";
    private static final String LEAVE = "{'guild_id':'10','user':{'id':'2'}}";
    private static final String SHOW_21 =
            "{'guild_id':'10','id':'21','type':0,'permission_overwrites':[{'id':'11','type':0,'allow':'1024','deny':'0'}]}";

    private final Story story = new Story();
    private final Account one = Story.bot(1, GUILDS, GUILD_MESSAGES, MESSAGE_CONTENT);
    private final Account two = Story.bot(2, GUILDS, GUILD_MESSAGES, GUILD_MESSAGE_TYPING);

    private void isFaulted(Account account, Kind... kinds) {
        assertThat(story.verdictFor(account).faults()).extracting(Fault::kind).containsExactlyInAnyOrder(kinds);
    }

    private void isGood(Account account, int received) {
        ClientVerdict verdict = story.verdictFor(account);
        assertThat(verdict.faults()).isEmpty();
        assertThat(verdict.received()).isEqualTo(received);
        assertThat(verdict.entitled()).isEqualTo(received);
    }

    @Test
    void aStreamWithAllThatWasPublishedIsGood() {
        story.login("20", "21").got(story.message("20", "a")).got(story.message("21", "b"));
        isGood(one, 2);
    }

    @Test
    void aMissingEventIsLost() {
        story.login("20", "21").got(story.message("20", "a"));
        story.message("20", "b");
        story.got(story.message("20", "c"));
        isFaulted(one, Kind.LOST);
        assertThat(story.verdictFor(one).entitled()).isEqualTo(3);
    }

    @Test
    void theLastEventIsMissedToo() {
        story.login("20", "21");
        story.message("20", "a");
        isFaulted(one, Kind.LOST);
    }

    @Test
    void anEventThatCameTwiceIsRepeated() {
        story.login("20", "21");
        Publication message = story.message("20", "a");
        story.got(message).got(message);
        isFaulted(one, Kind.REPEATED);
    }

    @Test
    void eventsThatCameTheOtherWayRoundAreOutOfOrder() {
        story.login("20", "21");
        Publication first = story.message("20", "a");
        Publication second = story.message("20", "b");
        story.got(second).got(first);
        isFaulted(one, Kind.OUT_OF_ORDER);
    }

    @Test
    void twoPublishersOfOneGuildAreOrderedByTheirAcknowledgements() {
        story.login("20", "21");
        String body = "{'guild_id':'10','channel_id':'20','author':{'id':'5'},'content':'x'}";
        long now = story.now();
        Publication early = story.publish("a", "MESSAGE_CREATE", body, now, now + 10, Outcome.ACCEPTED);
        Publication overlapping = story.publish("b", "MESSAGE_CREATE", body, now + 5, now + 20, Outcome.ACCEPTED);
        Publication late = story.publish("c", "MESSAGE_CREATE", body, now + 10, now + 20, Outcome.ACCEPTED);
        story.got(overlapping).got(late).got(early);
        isFaulted(one, Kind.OUT_OF_ORDER);
    }

    @Test
    void aMessageOfAHiddenChannelIsForeign() {
        story.login("20").got(story.message("21", "a"));
        isFaulted(two, Kind.FOREIGN);
    }

    @Test
    void contentThatWasNotAskedForIsForeign() {
        story.login("20").got(story.message("20", "a"));
        isFaulted(two, Kind.FOREIGN);
    }

    @Test
    void blankedContentIsRightForWhoDidNotAskAndWrongForWhoDid() {
        story.login("20").gotBlanked(story.message("20", "a"));
        isGood(two, 1);
        Story other = new Story();
        other.login("20", "21").gotBlanked(other.message("20", "a"));
        assertThat(other.verdictFor(one).faults()).extracting(Fault::kind).containsExactly(Kind.ALTERED);
    }

    @Test
    void anEventThatNobodyPublishedIsForeign() {
        story.login("20").got("MESSAGE_CREATE", "{'guild_id':'10','channel_id':'20','witness':'p#9'}");
        story.got("GUILD_BAN_ADD", "{'guild_id':'10'}");
        isFaulted(two, Kind.FOREIGN, Kind.FOREIGN);
    }

    @Test
    void aHiddenChannelInGuildCreateIsForeignAndAMissingOneLost() {
        story.login("21");
        isFaulted(two, Kind.FOREIGN, Kind.LOST);
    }

    @Test
    void aChannelThatIsRevealedHasToAppearBeforeItsMessagesCount() {
        story.login("20");
        Publication shown = story.publish("CHANNEL_UPDATE", SHOW_21);
        story.got("CHANNEL_CREATE", shown.body()).gotBlanked(story.message("21", "a"));
        isGood(two, 2);
    }

    @Test
    void aRevealThatDoesNotComeIsLost() {
        story.login("20");
        story.publish("CHANNEL_UPDATE", SHOW_21);
        isFaulted(two, Kind.LOST);
    }

    @Test
    void aChannelRevealedForNoReasonIsForeign() {
        story.login("20").got("CHANNEL_CREATE", "{'guild_id':'10','id':'21'}");
        isFaulted(two, Kind.FOREIGN);
    }

    @Test
    void oneWhoLeftAndJoinedAgainGetsTheGuildAnewAndNothingBetween() {
        story.login("20").gotBlanked(story.message("20", "a"));
        story.publish("GUILD_MEMBER_REMOVE", LEAVE);
        story.got("GUILD_DELETE", "{'id':'10'}");
        story.message("20", "b");
        story.publish("GUILD_MEMBER_ADD", JOIN);
        story.message("20", "is in GUILD_CREATE already, so to say");
        story.shown("20").gotBlanked(story.message("20", "c"));
        isGood(two, 2);
    }

    @Test
    void aHoleAfterTheFirstEventOfAStayIsALoss() {
        story.login("20");
        story.publish("GUILD_MEMBER_REMOVE", LEAVE);
        story.got("GUILD_DELETE", "{'id':'10'}");
        story.publish("GUILD_MEMBER_ADD", JOIN);
        Publication met = story.message("20", "a");
        story.message("20", "lost");
        story.shown("20").gotBlanked(met);
        isFaulted(two, Kind.LOST);
    }

    @Test
    void anEventAfterOneHasLeftIsForeign() {
        story.login("20");
        story.publish("GUILD_MEMBER_REMOVE", LEAVE);
        Publication secret = story.message("20", "a");
        story.gotBlanked(secret).got("GUILD_DELETE", "{'id':'10'}");
        isFaulted(two, Kind.FOREIGN);
    }

    @Test
    void aGuildThatDoesNotGoOrDoesNotComeIsLost() {
        story.login("20");
        story.publish("GUILD_MEMBER_REMOVE", LEAVE);
        isFaulted(two, Kind.LOST);
        story.got("GUILD_DELETE", "{'id':'10'}");
        story.publish("GUILD_MEMBER_ADD", JOIN);
        isFaulted(two, Kind.LOST);
    }

    @Test
    void aGuildThatGoesForNoReasonIsForeign() {
        story.login("20").got("GUILD_DELETE", "{'id':'10'}");
        isFaulted(two, Kind.FOREIGN);
    }

    @Test
    void typingMayBeDroppedButNotRepeatedAndNotShownWhereItIsHidden() {
        String typing = "{'guild_id':'10','channel_id':'20','user_id':'5'}";
        story.login("20");
        story.publish("TYPING_START", typing);
        isGood(two, 0);
        Publication seen = story.publish("TYPING_START", typing);
        story.got(seen);
        isGood(two, 1);
        story.got(seen).got(story.publish("TYPING_START", typing.replace("20", "21")));
        isFaulted(two, Kind.REPEATED, Kind.FOREIGN);
    }

    @Test
    void aResumedStreamIsGood() {
        story.login("20", "21").got(story.message("20", "a")).closed(1006, false);
        story.got(story.message("20", "b")).resumed().got(story.message("20", "c"));
        isGood(one, 3);
        assertThat(story.verdictFor(one).resumes()).isEqualTo(1);
    }

    @Test
    void aSkippedOrRepeatedNumberIsNoticed() {
        story.login("20", "21").got(story.message("20", "a")).skipNumber().got(story.message("20", "b"));
        isFaulted(one, Kind.SEQUENCE);
    }

    @Test
    void resumedComesOnceAndWithTheNumberBeforeIt() {
        story.login("20", "21").closed(1006, false).resumed(1);
        isFaulted(one, Kind.SEQUENCE);
        Story other = new Story();
        other.login("20", "21").closed(1006, false).resumed().resumed();
        assertThat(other.verdictFor(one).faults()).extracting(Fault::kind).containsExactly(Kind.SEQUENCE);
    }

    @Test
    void aSessionRefusedAfterACrashIsAFault() {
        story.login("20", "21").closed(1006, false).wait(20).invalidSession().login("20", "21");
        isFaulted(one, Kind.SESSION);
    }

    @Test
    void aSessionRefusedAfterTheClientEndedItOrAfterItsTimeIsOwed() {
        story.login("20", "21").closed(1000, true).wait(1).invalidSession().login("20", "21");
        isGood(one, 0);
        Story late = new Story();
        late.login("20", "21").closed(1006, false).wait(181).invalidSession().login("20", "21");
        assertThat(late.verdictFor(one).faults()).isEmpty();
    }

    @Test
    void whatHappenedBetweenTwoSessionsIsOwedToNeither() {
        story.login("20", "21").got(story.message("20", "a")).closed(1000, true);
        story.message("20", "b");
        story.login("20", "21").got(story.message("20", "c"));
        isGood(one, 2);
    }

    @Test
    void silenceIsWhereSomethingWasOwed() {
        story.login("20", "21").got(story.message("20", "a")).wait(10);
        long sent = story.now();
        var late = story.message("20", "b");
        story.wait(4).got(late).wait(30);
        assertThat(story.verdictFor(one).longestSilence()).isEqualTo(new Silence(sent, sent + 5_000_000_000L));
    }

    @Test
    void silenceDoesNotEndWithWhatWasLost() {
        story.login("20", "21").got(story.message("20", "a")).wait(10);
        long sent = story.now();
        story.message("20", "b");
        story.wait(30);
        assertThat(story.verdictFor(one).longestSilence()).isEqualTo(new Silence(sent, sent + 31_000_000_000L));
    }
}
