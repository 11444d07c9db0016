// SPDX-License-Identifier: GPL-2.0-or-later
#include "gui/models/compare_table.h"
#include "gui/models/table_model.h"
#include "gui/pages/layers_page.h"
#include "profiler/report/report.h"
#include "tests/gui/support.h"

#include <QLineEdit>
#include <QTableView>

#include <sstream>

namespace simprof::gui {
namespace {

using test::sampleDocument;
using test::sampleProfile;

/// What `simprof report --by layer` prints, one string a line.
std::vector<std::string> printedLines(const Profile& profile) {
    ReportOptions options;
    options.by = ReportBy::Layer;
    options.style.width = 2000; // nothing is cut
    std::istringstream text(writeReport(profile, findReportFormat("text"), options));
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) {
        lines.push_back(line);
    }
    return lines;
}

/// Whether all `cells` that are not empty stand in `line` one after the other, with nothing else between but blanks and
/// bars.
bool printsExactly(const std::string& line, const std::vector<std::string>& cells) {
    std::istringstream words(line);
    std::string printed;
    for (std::string word; words >> word;) {
        if (word.find("\u2588") == std::string::npos &&
            word.find_first_not_of("\u2588\u2589\u258a\u258b\u258c\u258d\u258e\u258f") != std::string::npos) {
            printed += word;
        }
    }
    std::string shown;
    for (const std::string& cell : cells) {
        std::istringstream parts(cell);
        for (std::string part; parts >> part;) {
            shown += part;
        }
    }
    return printed == shown;
}

TEST(LayerTable, EveryCellIsWhatTheCommandLinePrints) {
    const Profile profile = sampleProfile();
    auto* selection = new Selection(qApp);
    LayersPage page(selection, nullptr);
    page.setDocument(std::make_shared<const Document>(profile));
    selection->setCounting({Figure::Sum, -1}); // the command line prints sums
    page.resize(2000, 900);                    // room for each column
    page.show();
    QCoreApplication::processEvents();
    const std::vector<std::string> lines = printedLines(profile);
    const QAbstractItemModel* model = page.table()->model();
    // The total; the mean of inferences, which the command line adds, is never beside sums here.
    ASSERT_EQ(model->rowCount(), static_cast<int>(profile.layers.size() + profile.owners.size()) + 1);
    int compared = 0;
    for (int row = 0; row < model->rowCount(); ++row) {
        std::vector<std::string> cells;
        for (int column = 0; column < model->columnCount(); ++column) {
            if (!page.table()->isColumnHidden(column)) {
                cells.push_back(model->index(row, column).data().toString().toStdString());
                compared += cells.back().empty() ? 0 : 1;
            }
        }
        const bool found = std::any_of(lines.begin(), lines.end(),
                                       [&](const std::string& line) { return printsExactly(line, cells); });
        std::string text;
        for (const std::string& cell : cells) {
            text += cell + " | ";
        }
        EXPECT_TRUE(found) << "the command line prints no line like: " << text;
    }
    EXPECT_GT(compared, 150);
}

TEST(TableModel, PassesTheModelTesterWithAnyTable) {
    TableModel model;
    TableFilter filter;
    filter.setSourceModel(&model);
    const test::ModelCheck checkModel(&model);
    const test::ModelCheck checkFilter(&filter);
    const Profile profile = sampleProfile();
    model.setTable(layerTable(profile), {{"cycles", 0}});
    filter.sort(4, Qt::DescendingOrder);
    filter.setWords(QStringLiteral("conv 1x25"));
    filter.setWords(QString());
    model.setTable(functionTable(profile, 5), {});
    model.setTable(instructionTable(profile), {{"cycles", 0}});
    model.setTable(regionTable(profile), {});
    model.setTable({}, {});
}

TEST(TableModel, SortsByValueAndKeepsSumsBelow) {
    TableModel model;
    TableFilter filter;
    filter.setSourceModel(&model);
    const Profile profile = sampleProfile();
    model.setTable(layerTable(profile), {{"cycles", 0}});
    const int cycles = model.columnOf("cycles");
    for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
        filter.sort(cycles, order);
        const int layers = static_cast<int>(profile.layers.size());
        for (int row = 1; row < layers; ++row) {
            const qulonglong before = filter.index(row - 1, cycles).data(SortRole).toULongLong();
            const qulonglong here = filter.index(row, cycles).data(SortRole).toULongLong();
            EXPECT_TRUE(order == Qt::AscendingOrder ? before <= here : before >= here) << row;
        }
        EXPECT_TRUE(filter.index(layers, 0).data(FooterRole).toBool());
        EXPECT_TRUE(filter.index(filter.rowCount() - 1, 1).data().toString().contains(QStringLiteral("mean of 2")));
    }
}

TEST(TableModel, FiltersByAllWordsInAnyColumn) {
    TableModel model;
    TableFilter filter;
    filter.setSourceModel(&model);
    model.setTable(layerTable(sampleProfile()), {});
    filter.setWords(QStringLiteral("depthwise 25x5"));
    ASSERT_EQ(filter.rowCount(), 4);
    filter.setWords(QStringLiteral("softmax nothing"));
    EXPECT_EQ(filter.rowCount(), 0);
}

TEST(TableModel, BarsAreSharesOfTheLongestOrOfWhatWasGiven) {
    TableModel model;
    const Profile profile = sampleProfile();
    model.setTable(layerTable(profile), {{"cycles", 0}, {"macs_per_cycle", 2}});
    double longest = 0;
    for (int row = 0; row < static_cast<int>(profile.layers.size()); ++row) {
        longest = std::max(longest, model.index(row, model.columnOf("cycles")).data(BarRole).toDouble());
        EXPECT_NEAR(model.index(row, model.columnOf("macs_per_cycle")).data(BarRole).toDouble(),
                    profile.layers[static_cast<std::size_t>(row)].macs == 0
                        ? -1
                        : profile.layers[static_cast<std::size_t>(row)].macsPerCycle / 2,
                    1e-9);
    }
    EXPECT_DOUBLE_EQ(longest, 1);
}

TEST(TableModel, StallsAreOneColumnThatSumsToTheCycles) {
    TableModel model;
    const Profile profile = sampleProfile();
    model.setTable(layerTable(profile), {});
    const int column = model.columnOf("stalls");
    ASSERT_GE(column, 0);
    for (int row = 0; row < static_cast<int>(profile.layers.size()); ++row) {
        const auto stalls = model.index(row, column).data(StallsRole).value<StallSums>();
        EXPECT_EQ(stalls, profile.layers[static_cast<std::size_t>(row)].stalls);
    }
}

TEST(TableModel, CopiesSelectedCellsWithTabs) {
    TableModel model;
    model.setTable(layerTable(sampleProfile()), {});
    EXPECT_EQ(copiedText({model.index(1, 1), model.index(0, 0), model.index(0, 1)}).toStdString(),
              "0\tCONV_2D\nDEPTHWISE_CONV_2D");
    EXPECT_EQ(copiedText({}).toStdString(), "");
}

TEST(LayersPage, SelectionGoesBothWays) {
    Selection selection;
    LayersPage page(&selection, nullptr);
    page.setDocument(sampleDocument());
    selection.setLayer(5);
    EXPECT_EQ(page.table()->currentIndex().data(RowIdRole).toInt(), 5);
    page.table()->selectRow(2);
    EXPECT_EQ(selection.layer(), 2);
    page.filter()->setText(QStringLiteral("softmax"));
    page.table()->selectRow(0);
    EXPECT_EQ(selection.layer(), 12);
}

TEST(CompareTable, ShowsWhatChangedAndNothingElse) {
    const Profile base = sampleProfile();
    const Profile now = sampleProfile({.slowLayer = 3, .slowPercent = 10});
    const Table table = compareTable(diffProfiles(base, now));
    ASSERT_EQ(table.rows.size(), base.layers.size());
    EXPECT_EQ(table.rows[2][5].text, "");
    EXPECT_EQ(table.rows[3][5].text[0], '+');
    EXPECT_EQ(table.rows[3][6].text.substr(0, 4), "+10.");
    TableModel model;
    const test::ModelCheck check(&model);
    model.setTable(table, {{"cycles", 0}});
}

} // namespace
} // namespace simprof::gui
