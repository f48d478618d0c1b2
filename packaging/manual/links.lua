-- SPDX-License-Identifier: Apache-2.0
-- Turns the documents of the repository into those of a package: links between documents become links between their
-- pages, the first heading becomes the title, and what leads to files that a package does not have is text.

local pages = {
  ["README.md"] = "index.html",
  ["conf/directives.md"] = "directives.html",
  ["conf/login.md"] = "login.html",
  ["conf/log-codes.md"] = "log-codes.html",
  ["wsdl/README.md"] = "wsdl.html",
  ["CHANGELOG.md"] = "changelog.html",
}
local examples = {
  ["conf/sfjwt.conf"] = "../examples/sfjwt.conf",
  ["conf/examples"] = "../examples/",
  ["wsdl/sample-partner.wsdl"] = "../examples/sample-partner.wsdl",
  ["wsdl/sample-enterprise.wsdl"] = "../examples/sample-enterprise.wsdl",
}

-- The path below the top of the repository of a link in this document.
local function below_top(target)
  local steps = {}
  local folder = PANDOC_STATE.input_files[1]:match("^(.*/)") or ""
  for step in (folder .. target):gmatch("[^/]+") do
    if step == ".." then
      table.remove(steps)
    elseif step ~= "." then
      table.insert(steps, step)
    end
  end
  return table.concat(steps, "/")
end

function Link(link)
  if FORMAT == "man" then
    return link.content
  end
  if link.target:match("^%a+:") or link.target:match("^#") then
    return nil
  end
  local file, anchor = link.target:match("^([^#]*)(.*)$")
  local path = below_top(file)
  local example = path:match("^conf/examples/(.+)$")
  if pages[path] then
    link.target = pages[path] .. anchor
  elseif example then
    link.target = "../examples/" .. example
  elseif examples[path] then
    link.target = examples[path]
  else
    return link.content
  end
  return link
end

local stringify = pandoc.utils.stringify

local function is_of_directive(header)
  return stringify(header):match("^SFJwt%a*$")
end

-- A terminal is too narrow for the text in most tables: a list, each row an entry with its columns. What describes a
-- directive is a table without headings, whose first row says so only in Markdown.
local function as_list(table_block, has_headings)
  local simple = pandoc.utils.to_simple_table(table_block)
  local rows = pandoc.List(simple.rows)
  if not has_headings then
    rows:insert(1, simple.header)
  end
  local entries = pandoc.List()
  for _, row in ipairs(rows) do
    local term, columns = pandoc.utils.blocks_to_inlines(row[1]), pandoc.List()
    for column = 2, #row do
      columns:extend(row[column])
    end
    if #term == 0 and #entries > 0 then
      entries[#entries][2][1]:extend(columns)
    else
      entries:insert({ term, { columns } })
    end
  end
  return pandoc.DefinitionList(entries)
end

-- A page has one title, and the style sheet knows which sections are those of directives.
local function page(document)
  local blocks = pandoc.List()
  for _, block in ipairs(document.blocks) do
    if block.t == "Header" and block.level == 1 and not document.meta.title then
      document.meta.title = pandoc.MetaInlines(block.content)
    else
      if block.t == "Header" and is_of_directive(block) then
        block.classes:insert("directive")
      end
      blocks:insert(block)
    end
  end
  return pandoc.Pandoc(blocks, document.meta)
end

-- The parts that every manual page has, and no table of links.
local function manual_page(document)
  local blocks = pandoc.List({
    pandoc.RawBlock("man", ".nh\n.ad l"),
    pandoc.Header(1, { pandoc.Str("NAME") }),
    pandoc.Para({ pandoc.Str("mod_sfjwt - directives of the Apache module for the Salesforce SOAP APIs") }),
    pandoc.Header(1, { pandoc.Str("DESCRIPTION") }),
  })
  local contents_seen, of_directive = false, false
  for _, block in ipairs(document.blocks) do
    if block.t == "Header" then
      if block.level > 1 then
        block.level = block.level - 1
        blocks:insert(block)
      end
      of_directive = is_of_directive(block)
    elseif block.t == "Table" and not contents_seen then
      contents_seen = true
    elseif block.t == "Table" then
      blocks:insert(as_list(block, not of_directive))
      of_directive = false  -- only the first table describes it
    else
      blocks:insert(block)
    end
  end
  blocks:insert(pandoc.Header(1, { pandoc.Str("SEE ALSO") }))
  blocks:insert(pandoc.Para({
    pandoc.Strong({ pandoc.Str("sfjwtctl") }),
    pandoc.Str("(1), "),
    pandoc.Strong({ pandoc.Str("apache2") }),
    pandoc.Str("(8), "),
    pandoc.Emph({ pandoc.Str("/usr/share/doc/libapache2-mod-sfjwt/manual/index.html") }),
  }))
  return pandoc.Pandoc(blocks, document.meta)
end

function Pandoc(document)
  if FORMAT == "man" then
    return manual_page(document)
  end
  return page(document)
end
