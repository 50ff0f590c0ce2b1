/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tracebridge.metrics.DropReason;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the spool keeps and drops when disk, bounds or files are against it. */
class SpoolTest {
    /** So many requests at a time at most. */
    private static final int UNDER_WAY = 4;

    @TempDir
    Path home;

    private Path spool;
    private final Fixture fixture = new Fixture();
    private FakeIngest ingest;
    private Delivery delivery;

    @BeforeEach
    void start() throws IOException {
        spool = home.resolve("spool");
        ingest = new FakeIngest();
        ingest.answers(ingest.status(503));
        delivery = fixture.delivery(spool);
    }

    @AfterEach
    void stop() throws IOException {
        delivery.close(Duration.ZERO);
        ingest.close();
    }

    @Test
    void oldestTransactionsGo_whenFull_andEveryErrorStays() {
        Outbox outbox = delivery.outbox(fixture.to(ingest));
        for (int i = 0; i < 400; i++) {
            outbox.offer(Fixture.payload("transaction", "t" + i, 4_000));
            if (i % 4 == 0) {
                outbox.offerDurably(Fixture.payload("error", "e" + i, 1_000));
            }
            if (i % 40 == 0) { // the queue to the writer has a bound of its own
                long offered = i + 1 + i / 4 + 1;
                await().until(() -> delivery.state().get(0).pending() + fixture.losses.size() == offered);
            }
        }

        ingest.answers(ingest.taken());
        everythingPendingArrives();

        List<Integer> transactions = received("t");
        assertThat(received("e")).hasSize(100);
        long dropped = fixture.accounting.drops(DropReason.SPOOL_FULL);
        assertThat(dropped).isPositive();
        assertThat(transactions.size() + dropped).isEqualTo(400);
        // those that were being sent are no victims, four at most; of the others the newest stay
        List<Integer> waiting = transactions.subList(UNDER_WAY, transactions.size());
        assertThat(waiting)
                .containsExactlyElementsOf(
                        IntStream.range(400 - waiting.size(), 400).boxed().toList());
        assertThat(fixture.losses)
                .hasSize((int) dropped)
                .allMatch(loss -> loss.category().equals("transaction"));
    }

    @Test
    void oldestErrorsGo_whenNothingElseIsLeft() {
        Outbox outbox = delivery.outbox(fixture.to(ingest));
        for (int i = 0; i < 400; i++) {
            outbox.offerDurably(Fixture.payload("error", "e" + i, 4_000));
        }
        assertThat(diskBytes()).isLessThanOrEqualTo(Fixture.BOUNDS.spool() + Fixture.BOUNDS.segment());

        ingest.answers(ingest.taken());
        everythingPendingArrives();

        long dropped = fixture.accounting.drops(DropReason.SPOOL_FULL);
        assertThat(dropped).isPositive();
        assertThat(received("e").size() + dropped).isEqualTo(400);
        assertThat(received("e")).contains(399, 398, 397);
    }

    @Test
    void transactionIsRefused_whenOnlyErrorsFillTheSpool() {
        Outbox outbox = delivery.outbox(fixture.to(ingest));
        for (int i = 0; i < 300; i++) {
            outbox.offerDurably(Fixture.payload("error", "e" + i, 4_000));
        }
        long before = fixture.accounting.drops(DropReason.SPOOL_FULL);
        outbox.offer(Fixture.payload("transaction", "t1", 60_000));

        await().until(() -> fixture.accounting.drops(DropReason.SPOOL_FULL) == before + 1);
        assertThat(fixture.losses).last().matches(loss -> loss.category().equals("transaction"));
    }

    @Test
    void payloadIsRefused_whenLargerThanAQuarterOfTheSpool() {
        Outbox outbox = delivery.outbox(fixture.to(ingest));
        assertThat(outbox.offerDurably(Fixture.payload("error", "e1", 300_000))).isFalse();
        assertThat(fixture.accounting.drops(DropReason.TOO_LARGE)).isEqualTo(1);
    }

    @Test
    void offersAreRefused_whenTheQueueToTheWriterIsFull() {
        Bounds small = new Bounds(1024 * 1024, 16 * 1024, 1_000, 1_000, 1_000);
        try (Delivery tight = fixture.delivery(spool, small)) {
            assertThat(tight.outbox(fixture.to(ingest)).offer(Fixture.payload("transaction", "t1", 2_000)))
                    .isFalse();
            assertThat(fixture.accounting.drops(DropReason.QUEUE_FULL)).isEqualTo(1);
        }
    }

    @Test
    void tornTail_isIgnored_atEveryByte() throws IOException {
        Path file = home.resolve("errors-000000.spool");
        byte[] first = RecordFormat.encode(Fixture.error("e1"), 1);
        byte[] second = RecordFormat.encode(Fixture.error("e2"), 1);
        for (int cut = 0; cut < second.length; cut++) {
            Files.write(file, first);
            try (RandomAccessFile append = new RandomAccessFile(file.toFile(), "rw")) {
                append.seek(first.length);
                append.write(second, 0, cut);
            }
            assertThat(SegmentScan.of(file).records()).hasSize(1);
        }
        Files.write(file, first);
        Files.write(file, second, java.nio.file.StandardOpenOption.APPEND);
        assertThat(SegmentScan.of(file).records()).hasSize(2);
    }

    @Test
    void damagedBody_costsOneRecordOnly_andIsCounted() throws IOException {
        Outbox outbox = delivery.outbox(fixture.to(ingest));
        for (int i = 0; i < 3; i++) {
            outbox.offerDurably(Fixture.error("e" + i));
        }
        await().until(() -> ingest.requests.get() > 0);
        delivery.close(Duration.ZERO);
        try (RandomAccessFile file = new RandomAccessFile(segments().get(0).toFile(), "rw")) {
            int length = RecordFormat.encode(Fixture.error("e0"), 1).length;
            file.seek(2L * length - 3); // the end of the second body
            file.write('!');
        }

        ingest.answers(ingest.taken());
        delivery = fixture.delivery(spool);
        delivery.outbox(fixture.to(ingest));

        await().until(() -> ingest.ids().equals(Set.of("e0", "e2")));
        await().until(() -> fixture.accounting.drops(DropReason.ENCODING_FAILED) == 1);
    }

    @Test
    void everythingArrives_whenTheFolderIsDeletedWhileRunning() throws IOException {
        Outbox outbox = delivery.outbox(fixture.to(ingest));
        for (int i = 0; i < 40; i++) {
            outbox.offerDurably(Fixture.payload("error", "e" + i, 1_000));
        }
        delete(spool);
        for (int i = 40; i < 80; i++) {
            outbox.offerDurably(Fixture.payload("error", "e" + i, 1_000));
        }

        // back on disk, where the next process would find them
        await().until(() -> diskBytes() >= 80_000);
        ingest.answers(ingest.taken());
        everythingPendingArrives();
        assertThat(received("e")).hasSize(80);
        assertThat(fixture.losses).isEmpty();
    }

    @Test
    void everythingArrives_whenTheFolderCannotBeMadeForAWhile() throws IOException {
        Outbox outbox = delivery.outbox(fixture.to(ingest));
        outbox.offerDurably(Fixture.error("e0"));
        // the spool is made anew as soon as it is found gone, perhaps before the file is there
        await().ignoreExceptions().until(() -> {
            delete(spool);
            // root ignores read-only folders, this stops it as well
            return Files.writeString(spool, "a file in the way", StandardOpenOption.CREATE_NEW) != null;
        });
        for (int i = 1; i < 100; i++) {
            outbox.offerDurably(Fixture.error("e" + i));
            outbox.offer(Fixture.transaction("t" + i));
        }
        await().until(() -> delivery.state().get(0).inMemory() > 100);

        Files.delete(spool);
        await().until(() -> delivery.state().get(0).inMemory() == 0);
        assertThat(segments()).isNotEmpty();
        ingest.answers(ingest.taken());
        everythingPendingArrives();
        assertThat(received("e")).hasSize(100);
        assertThat(received("t")).hasSize(99);
        assertThat(fixture.losses).isEmpty();
    }

    @Test
    void destinationsInOneProcess_getTheirOwnPayloadsOnly() throws IOException {
        try (FakeIngest second = new FakeIngest()) {
            Outbox a = delivery.outbox(fixture.to(ingest));
            Outbox b = delivery.outbox(Destination.of(
                    "second", "project 2", HttpTransmission.ofEnvelopes(second.url(), java.util.Map::of)));
            a.offerDurably(Fixture.error("a"));
            b.offerDurably(Fixture.error("b"));

            await().until(() -> second.ids().equals(Set.of("b"))); // the first one's outage is not the second's
            ingest.answers(ingest.taken());
            await().until(() -> ingest.ids().equals(Set.of("a")));
        }
    }

    @Test
    void payloadsOfAnotherDestination_areNotAdopted() throws IOException {
        delivery.outbox(fixture.to(ingest)).offerDurably(Fixture.error("old"));
        delivery.close(Duration.ZERO);
        try (FakeIngest second = new FakeIngest();
                Delivery changed = fixture.delivery(spool)) {
            Outbox outbox = changed.outbox(Destination.of(
                    "second", "project 2", HttpTransmission.ofEnvelopes(second.url(), java.util.Map::of)));
            outbox.offerDurably(Fixture.error("new"));
            assertThat(outbox.flush(Duration.ofSeconds(5))).isTrue();
            assertThat(second.ids()).containsExactly("new");
        }
        ingest.answers(ingest.taken());
        delivery = fixture.delivery(spool);
        delivery.outbox(fixture.to(ingest));
        await().until(() -> ingest.ids().equals(Set.of("old")));
    }

    @Test
    void folderThatNobodyUsed_isRemovedAfter30Days_andCounted() throws IOException {
        delivery.outbox(fixture.to(ingest)).offerDurably(Fixture.error("old"));
        delivery.close(Duration.ZERO);
        Path old = SpoolFolders.of(spool, "project 1");
        Path other = Files.createDirectories(spool.resolve("not-ours"));

        Instant in29Days = Instant.now().plus(Duration.ofDays(29));
        StaleFolders.remove(spool, in29Days, fixture.accounting);
        assertThat(old).isDirectory();

        StaleFolders.remove(spool, in29Days.plus(Duration.ofDays(2)), fixture.accounting);
        assertThat(old).doesNotExist();
        assertThat(other).isDirectory();
        assertThat(fixture.accounting.drops(DropReason.EXPIRED)).isEqualTo(1);
    }

    @Test
    void folderOfAStranger_isNotUsed() throws IOException {
        // a link in place of our folder would let somebody else choose where payloads are written
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        Files.createDirectories(spool);
        Files.createSymbolicLink(SpoolFolders.of(spool, "project 1"), elsewhere);

        delivery.outbox(fixture.to(ingest)).offerDurably(Fixture.error("e1"));

        assertThat(elsewhere).isEmptyDirectory();
        assertThat(delivery.state().get(0).inMemory()).isEqualTo(1);
    }

    @Test
    void poisonPayload_isGivenUp_whenOthersPass() {
        ingest.answers((request, socket) -> {
            if (request.id().equals("poison")) {
                FakeIngest.answer(socket, 500);
            } else {
                ingest.taken().to(request, socket);
            }
        });
        Outbox outbox = delivery.outbox(fixture.to(ingest));
        outbox.offerDurably(Fixture.error("poison"));
        List<Integer> sent = new ArrayList<>();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            sent.add(sent.size());
            outbox.offerDurably(Fixture.error("e" + sent.size()));
            return fixture.accounting.drops(DropReason.REJECTED) == 1;
        });
        await().until(() -> received("e").size() == sent.size());
    }

    private void everythingPendingArrives() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> delivery.state().get(0).pending() == 0);
    }

    private List<Integer> received(String kind) {
        return ingest.ids().stream()
                .filter(id -> id.startsWith(kind))
                .map(id -> Integer.parseInt(id.substring(1)))
                .sorted()
                .toList();
    }

    private List<Path> segments() throws IOException {
        if (!Files.isDirectory(spool)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(spool)) {
            return paths.filter(path -> path.toString().endsWith(".spool")).toList();
        }
    }

    private long diskBytes() {
        try {
            long bytes = 0;
            for (Path segment : segments()) {
                bytes += Files.size(segment);
            }
            return bytes;
        } catch (IOException e) {
            return -1; // changing under us
        }
    }

    /** At once, so that nothing is made in it meanwhile. */
    private static void delete(Path folder) throws IOException {
        Path gone = folder.resolveSibling("gone-" + UUID.randomUUID());
        Files.move(folder, gone);
        Files.walkFileTree(gone, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path dir, IOException failure) throws IOException {
                Files.delete(dir);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
