// SPDX-License-Identifier: GPL-2.0-or-later
/// Small parts that pages are made of.
#pragma once
#include <QFrame>
#include <QLabel>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <functional>
#include <map>
#include <vector>

namespace simprof::gui {

class PaintedView;

/// A framed part of a page with a title; content goes into body().
class Card : public QFrame {
    Q_OBJECT
public:
    explicit Card(const QString& title, QWidget* parent = nullptr);

    QVBoxLayout* body() const { return m_body; }
    QHBoxLayout* header() const { return m_header; }
    void setTitle(const QString& title);

private:
    QLabel* m_title;
    QHBoxLayout* m_header;
    QVBoxLayout* m_body;
};

/// A number with a caption above and a note below.
class Tile : public QFrame {
    Q_OBJECT
public:
    explicit Tile(const QString& caption, QWidget* parent = nullptr);

    void setValue(const QString& value, const QString& note = {});

private:
    QLabel* m_value;
    QLabel* m_note;
};

/// Tiles of equal width side by side, in as many rows as the room asks for.
class TileGrid : public QWidget {
    Q_OBJECT
public:
    explicit TileGrid(QWidget* parent);

    Tile* add(const QString& caption);
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    int columns(int width) const;
    QSize largest() const;
    void arrange();

    std::vector<Tile*> m_tiles;
};

/// A sentence across the whole width that stays until it is closed; hidden while there is none.
class Banner : public QFrame {
    Q_OBJECT
public:
    explicit Banner(QWidget* parent = nullptr);

    void say(const QString& sentence);
    /// Says a sentence beside a button that does something about it.
    void offer(const QString& sentence, const QString& button, std::function<void()> action);
    QString sentence() const; ///< empty when hidden
    QToolButton* button() const { return m_button; }

private:
    /// As a failure ("banner") or as an offer ("notice").
    void setLook(const QString& name);

    QLabel* m_text;
    QToolButton* m_button;
    std::function<void()> m_action;
};

/// A layout for what a page holds: where the page is too low, its content scrolls up and down, never sideways.
QVBoxLayout* scrollingBody(QWidget* page);
/// A caption in muted colour.
QLabel* caption(const QString& text, QWidget* parent = nullptr);
/// Text that wraps and can be selected and copied.
QLabel* prose(const QString& text, QWidget* parent = nullptr);
/// A flat button with text; checkable ones stay down.
QToolButton* flatButton(const QString& text, const QString& tip, QWidget* parent, bool checkable = false);
/// Zoom in, out and fit for a picture, and a menu that exports or copies it.
QToolButton* exportButton(PaintedView* view, QWidget* parent);
/// A table as all pages show them: sorted by clicks, whole rows, Ctrl+C copies, columns can be hidden.
void setUpTable(QTableView* table, const QString& name);
/// Keeps one column of a table as wide as the room that the others leave, and never narrower than it must be; while
/// there is no such room, columns that can be spared are hidden.
class ColumnStretcher : public QObject {
    Q_OBJECT
public:
    explicit ColumnStretcher(QTableView* table);

    /// `whole`: what the column's content needs; beyond it nothing is cut, the table scrolls instead. 0: it is cut.
    void set(int column, int least, std::vector<int> spare, int whole = 0);
    /// The user shows or hides a column, and it stays so whatever the table holds.
    void choose(int column, bool shown);
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void apply();
    int neededWidth() const;

    QTableView* m_table;
    std::vector<int> m_spare; ///< columns that can be spared, the first one first
    std::map<int, bool> m_chosen;
    bool m_applying = false;
    int m_column = -1;
    int m_least = 0;
    int m_whole = 0;
};

/// Calls `chosen` with the row that became current and is selected. A table that gets the focus makes its first row
/// current, but nobody chose that one.
void onRowChosen(QTableView* table, std::function<void(const QModelIndex&)> chosen);
/// Lets the names of sums below a table run on from `column` into the next one, which is empty there.
void spanFooter(QTableView* table, int column);

/// The table's own stretcher.
ColumnStretcher* stretcherOf(QTableView* table);

/// Columns as wide as their content needs, at most `most` pixels; `stretch` takes the rest, `least` at least. `spare`
/// are hidden, one after the other, when there is no room for all.
void fitColumns(QTableView* table, int stretch, int least = 120, int most = 360, std::vector<int> spare = {});

} // namespace simprof::gui
